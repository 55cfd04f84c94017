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
	if err := os.Symlink("/etc/passwd", filepath.Join(w.dir, "migrations", "link.sql")); err != nil {
		t.Fatal(err)
	}
	w.commit("last", "x")
	tree := openTree(t, w)
	for name, want := range files {
		got, err := fs.ReadFile(tree, name)
		if err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	if _, err := fs.Stat(tree, "migrations/link.sql"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a symbolic link: %v", err)
	}
	if err := fstest.TestFS(tree, "migrations/0001_a.sql", "migrations/meta/_journal.json", "README"); err != nil {
		t.Error(err)
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

func TestMentions(t *testing.T) {
	w := newWorkTree(t)
	w.write("src/a.ts", "db.select(title)")
	w.write("src/sub dir/é.ts", "const title = 1")
	w.write("src/b.ts", "titles, subtitle, my_title")
	w.write("migrations/0001.sql", "ALTER TABLE x ADD title text")
	w.write("package-lock.json", "title")
	w.write("web/yarn.lock", "title")
	w.write("image.bin", "title\x00\x01")
	w.write("option.ts", "-title --open-files-in-pager=x")
	w.write("twice.ts", "aaa aa")
	w.write("once.ts", "aaa")
	w.commit("last", "x")
	w.write("src/later.ts", "title")
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	tests := []struct {
		word    string
		exclude []string
		want    []string
	}{
		{"title", []string{"migrations"}, []string{"option.ts", "src/a.ts", "src/sub dir/é.ts"}},
		{"title", nil, []string{"migrations/0001.sql", "option.ts", "src/a.ts", "src/sub dir/é.ts"}},
		{"title", []string{"migrations", "src"}, []string{"option.ts"}},
		{"--open-files-in-pager=x", nil, []string{"option.ts"}},
		{"aa", nil, []string{"twice.ts"}},
		{"nowhere", nil, nil},
		{"", nil, nil},
		{"a\nb", nil, nil},
		{".*", nil, nil},
	}
	o := Options{Ref: "HEAD", Getenv: env(nil)}
	_, dir, err := keep(t, w, o, &gitRemote{repository: w})
	if err != nil {
		t.Fatal(err)
	}
	o.Kept = dir
	kept, err := find(t, w, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range tests {
		for how, base := range map[string]*Base{"git": base, "kept": kept} {
			if got := base.Mentions(context.Background(), test.word, test.exclude); !slices.Equal(got, test.want) {
				t.Errorf("%s: Mentions(%q, %v) = %q, want %q", how, test.word, test.exclude, got, test.want)
			}
		}
	}
	sub := &Base{Commit: base.Commit, repository: &repository{dir: filepath.Join(w.dir, "src")}}
	if got := sub.Mentions(context.Background(), "title", []string{"migrations"}); len(got) != 3 {
		t.Errorf("from below the root: %q", got)
	}
}
