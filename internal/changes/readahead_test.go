package changes

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/migvet/migvet/internal/files"
)

// What is read ahead is what the commit has, also where the work tree has
// something else, and where it is never asked for.
func TestReadAhead(t *testing.T) {
	w := newWorkTree(t)
	for i := range 300 {
		w.write(fmt.Sprintf("db/migrations/%04d.sql", i), fmt.Sprintf("SELECT %d;\n", i))
	}
	w.commit("last.sql", "SELECT 1;\n")
	for i := range 300 {
		name := filepath.Join(w.dir, fmt.Sprintf("db/migrations/%04d.sql", i))
		switch i % 10 {
		case 3:
			if err := os.WriteFile(name, []byte("SELECT 'changed';\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		case 7:
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	tree := openTree(t, w)
	tree.ReadAhead(onDisk(t, w))
	for i := range 200 {
		for range 2 {
			name := fmt.Sprintf("db/migrations/%04d.sql", i)
			got, err := fs.ReadFile(tree, name)
			if want := fmt.Sprintf("SELECT %d;\n", i); err != nil || string(got) != want {
				t.Fatalf("%s has %q, %v; want %q", name, got, err, want)
			}
		}
	}
}

// onDisk returns the files of the work tree, and what reads them.
func onDisk(t *testing.T, w workTree) (names []string, text func(string) (string, bool)) {
	t.Helper()
	tree, err := files.OpenTree(w.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	if err := fs.WalkDir(tree, ".", func(name string, _ fs.DirEntry, _ error) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return tree.ReadOnce([]string{"."}, ".sql"), tree.Text
}

func TestReadAheadEndsWithItsTree(t *testing.T) {
	w := newWorkTree(t)
	for i := range 300 {
		w.write(fmt.Sprintf("%04d.sql", i), "SELECT 1;\n")
	}
	commit := w.commit("last.sql", "SELECT 1;\n")
	tree, err := mustFind(t, w, Options{Ref: "HEAD"}, commit).FS(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tree.ReadAhead(onDisk(t, w))
	if err := tree.Close(); err != nil {
		t.Fatal(err)
	}
}
