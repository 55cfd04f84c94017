package changes

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
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
	tree.ReadAhead([]string{"db/migrations", "elsewhere"})
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
	tree.ReadAhead([]string{"."})
	if err := tree.Close(); err != nil {
		t.Fatal(err)
	}
}
