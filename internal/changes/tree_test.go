package changes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func openTree(t *testing.T, w workTree) *Tree {
	t.Helper()
	tree, err := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD")).FS(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
	})
	return tree
}

func TestTree(t *testing.T) {
	w := newWorkTree(t)
	files := map[string]string{
		"migrations/0001_a.sql":          "SELECT 1;\r\n",
		"migrations/0002_\"q\" b.sql":    "SELECT 2;\n",
		"migrations/0003_é 名前.sql":       "",
		"migrations/0004_new\nline.sql":  "SELECT 4",
		"migrations/meta/_journal.json":  "{}",
		"migrations2/0001.sql":           "no",
		"README":                         strings.Repeat("x", 200_000),
		"migrations/.gitattributes":      "*.sql diff=evil\n",
		"migrations/-rf.sql":             "SELECT 5",
		"migrations/with\ttab.sql":       "SELECT 6",
		"migrations/trailing space .sql": "SELECT 7",
	}
	for name, text := range files {
		w.write(name, text)
	}
	w.commit("last", "x")
	tree := openTree(t, w)
	for name, want := range files {
		got, err := fs.ReadFile(tree, name)
		if err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if err := fstest.TestFS(tree, "migrations/0001_a.sql", "migrations/meta/_journal.json", "README"); err != nil {
		t.Error(err)
	}
}

// A name that is not UTF-8 is listed, and its file is found by the words in it, although
// no file system of Go opens it. Here only git has it: not every system could.
func TestTreeOfNamesThatAreNotUTF8(t *testing.T) {
	w := newWorkTree(t)
	w.write("good.sql", "legacy_title")
	hash := w.git("hash-object", "-w", "good.sql")
	names := []string{"caf\xe9.sql", "caf\xe9/1.sql", "caf\xe9/\xff", "good.sql"}
	for _, name := range names[:3] {
		w.git("update-index", "--add", "--cacheinfo", "100644,"+hash+","+name)
	}
	w.git("add", "good.sql")
	w.git("commit", "--quiet", "--message", "x")
	tree := openTree(t, w)
	entries, err := fs.ReadDir(tree, ".")
	if err != nil || len(entries) != 3 || entries[0].Name() != "caf\xe9" || !entries[0].IsDir() || entries[1].Name() != "caf\xe9.sql" {
		t.Errorf("the tree has %v, %v", entries, err)
	}
	for _, name := range names[:3] {
		if _, err := fs.ReadFile(tree, name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	slices.Sort(names)
	for how, s := range map[string]*Search{"git": openSearch(t, base, nil), "at once": exhausted(t, base, nil, "legacy_title")} {
		got := s.Mentions(t.Context(), "legacy_title")
		slices.Sort(got)
		if !slices.Equal(got, names) {
			t.Errorf("%s: found in %q", how, got)
		}
	}
}

// Links are followed inside of the commit, and told for what they are.
func TestTreeFollowsLinks(t *testing.T) {
	w := newWorkTree(t)
	w.write("sql/a.sql", "SELECT 1")
	for name, target := range map[string]string{
		"migrations/file.sql": "../sql/a.sql", "migrations/twice.sql": "file.sql", "dir": "sql", "far": "dir",
		"out.sql": "../out.sql", "absolute.sql": "/etc/passwd", "dangling.sql": "none.sql", "loop": "loop/x",
	} {
		file := filepath.Join(w.dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.Symlink(target, file)); err != nil {
			t.Fatal(err)
		}
	}
	w.commit("last", "x")
	w.branchOff()
	kept, err := keptMain(t, w).FS(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for how, tree := range map[string]*Tree{"git": openTree(t, w), "kept": kept} {
		for _, name := range []string{"migrations/file.sql", "migrations/twice.sql", "dir/a.sql", "far/a.sql"} {
			if text, err := fs.ReadFile(tree, name); err != nil || string(text) != "SELECT 1" {
				t.Errorf("%s: %s is %q, %v", how, name, text, err)
			}
		}
		for name, want := range map[string]error{
			"out.sql": errLeadsOut, "absolute.sql": errLeadsOut, "dangling.sql": fs.ErrNotExist, "loop": errTooManyLinks,
		} {
			if _, err := fs.Stat(tree, name); !errors.Is(err, want) {
				t.Errorf("%s: %s: %v, want %v", how, name, err, want)
			}
		}
		entries, err := fs.ReadDir(tree, "far")
		if err != nil || len(entries) != 1 || entries[0].Name() != "a.sql" {
			t.Errorf("%s: the directory has %v, %v", how, entries, err)
		}
		info, err := fs.Lstat(tree, "dir")
		if err != nil || info.Mode().Type() != fs.ModeSymlink {
			t.Errorf("%s: dir is %v, %v", how, info, err)
		}
		if target, err := fs.ReadLink(tree, "far"); err != nil || target != "dir" {
			t.Errorf("%s: far leads to %q, %v", how, target, err)
		}
	}
}

// TestTreeIsTheCommit changes the working tree behind the tree's back.
func TestTreeIsTheCommit(t *testing.T) {
	w := newWorkTree(t)
	w.commit("a.sql", "old")
	w.write("a.sql", "new")
	w.write("untracked.sql", "new")
	tree := openTree(t, w)
	if got, _ := fs.ReadFile(tree, "a.sql"); string(got) != "old" {
		t.Errorf("a.sql is %q", got)
	}
	if _, err := fs.Stat(tree, "untracked.sql"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("untracked.sql: %v", err)
	}
}

func TestTreeAfterClose(t *testing.T) {
	w := newWorkTree(t)
	w.commit("a.sql", "old")
	tree := openTree(t, w)
	if err := tree.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(tree, "a.sql"); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("reading a closed tree: %v", err)
	}
}

func TestTreeOfManyFiles(t *testing.T) {
	w := newWorkTree(t)
	for i := range 1000 {
		w.write(fmt.Sprintf("migrations/%04d.sql", i), fmt.Sprintf("SELECT %d;", i))
	}
	w.commit("last", "x")
	start := time.Now()
	tree := openTree(t, w)
	for i := range 1000 {
		if _, err := fs.ReadFile(tree, fmt.Sprintf("migrations/%04d.sql", i)); err != nil {
			t.Fatal(err)
		}
	}
	elapsed := time.Since(start)
	t.Logf("1,000 files in %v", elapsed)
	if elapsed > 5*time.Second { // a process for each file takes longer
		t.Errorf("1,000 files took %v", elapsed)
	}
}
