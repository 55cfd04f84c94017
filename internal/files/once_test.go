package files_test

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/files"
)

// migrations makes a repository with many directories of a migration each, and opens
// it with all of them listed.
func migrations(t *testing.T, count int) (tree *files.Tree, dir string) {
	t.Helper()
	dir, _ = places(t)
	for i := range count {
		write(t, filepath.Join(dir, "db", fmt.Sprintf("%03d", i), "up.sql"), fmt.Sprintf("SELECT %d;", i))
	}
	tree, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	if err := fs.WalkDir(tree, ".", func(string, fs.DirEntry, error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return tree, dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Each file is what it is, whoever is faster: who reads ahead or who asks; and stays
// that until migvet itself writes it.
func TestReadOnce(t *testing.T) {
	tree, dir := migrations(t, 200)
	names := tree.ReadOnce([]string{"db", "elsewhere"}, ".sql")
	if len(names) != 200 || names[7] != "db/007/up.sql" {
		t.Fatalf("ReadOnce found %d files: %q", len(names), names)
	}
	tree.ReadAhead(names)
	for i, name := range names {
		want := fmt.Sprintf("SELECT %d;", i)
		if text, ok := tree.Text(name); !ok || text != want {
			t.Errorf("%s: %q, %t; want %q", name, text, ok, want)
		}
		if got, err := fs.ReadFile(tree, name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	write(t, filepath.Join(dir, "db", "003", "up.sql"), "SELECT 'somebody else';")
	if text, _ := tree.Text("db/003/up.sql"); text != "SELECT 3;" {
		t.Errorf("a file was read a second time: %q", text)
	}
	err := tree.Replace("db/003/up.sql", 0o644, func(w io.Writer) error { _, err := io.WriteString(w, "SELECT 'migvet';"); return err })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := fs.ReadFile(tree, "db/003/up.sql"); err != nil || string(got) != "SELECT 'migvet';" {
		t.Errorf("a file that was written is %q, %v", got, err)
	}
	if _, ok := tree.Text("sub/file"); ok {
		t.Error("a file that nobody wanted once is kept")
	}
}

// What is too large to keep is read like any other file.
func TestReadOnceIsBounded(t *testing.T) {
	dir, _ := places(t)
	large := strings.Repeat("-- row\n", 300_000)
	for i := range 20 {
		write(t, filepath.Join(dir, fmt.Sprintf("%02d.sql", i)), large[:1<<20])
	}
	write(t, filepath.Join(dir, "large.sql"), large)
	tree, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if _, err := tree.ReadDir("."); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, name := range tree.ReadOnce([]string{"."}, ".sql") {
		if _, ok := tree.Text(name); ok {
			kept++
		}
		want := 1 << 20
		if name == "large.sql" {
			want = len(large)
		}
		if got, err := fs.ReadFile(tree, name); err != nil || len(got) != want {
			t.Errorf("%s has %d bytes, %v; want %d", name, len(got), err, want)
		}
	}
	if kept != 16 {
		t.Errorf("%d files of 1 MiB are kept, want 16", kept)
	}
}

// A directory that is kept open is still the one that was looked at, and nothing in
// it leads out.
func TestOpenInADirectoryThatIsKeptOpen(t *testing.T) {
	tree, dir := migrations(t, 100) // more than are kept open
	outside := filepath.Join(filepath.Dir(dir), "outside")
	link(t, filepath.Join(outside, "secret"), filepath.Join(dir, "db", "001", "outward.sql"))
	link(t, "../002/up.sql", filepath.Join(dir, "db", "001", "inward.sql"))
	link(t, "../../.git/config", filepath.Join(dir, "db", "001", "token.sql"))
	link(t, "001", filepath.Join(dir, "db", "alias"))
	write(t, filepath.Join(dir, "db", "001", ".git", "config"), "token")
	for round := range 3 {
		for i := range 100 {
			name := path.Join("db", fmt.Sprintf("%03d", i), "up.sql")
			if got, err := fs.ReadFile(tree, name); err != nil || string(got) != fmt.Sprintf("SELECT %d;", i) {
				t.Fatalf("round %d: %s: %q, %v", round, name, got, err)
			}
		}
		for name, want := range map[string]string{"db/001/inward.sql": "SELECT 2;", "db/alias/up.sql": "SELECT 1;"} {
			if got, err := fs.ReadFile(tree, name); err != nil || string(got) != want {
				t.Errorf("%s: %q, %v; want %q", name, got, err, want)
			}
		}
		for _, name := range []string{"db/001/outward.sql", "db/001/token.sql", "db/001/.git/config", "db/alias/.git/config"} {
			if got, err := fs.ReadFile(tree, name); err == nil {
				t.Errorf("%s can be read: %q", name, got)
			}
		}
	}
	if names := tree.ReadOnce([]string{"db"}, ".sql"); slices.Contains(names, "db/001/outward.sql") {
		t.Error("symbolic links are read ahead")
	}
}
