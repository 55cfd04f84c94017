package changes

import (
	"context"
	"os"
	"slices"
	"testing"
)

func TestCommitted(t *testing.T) {
	w := newWorkTree(t)
	w.write("db/same.sql", "SELECT 1;")
	w.write("db/edited.sql", "SELECT 1;")
	w.write("db/gone.sql", "SELECT 1;")
	w.commit("base", "x")
	base := w.git("rev-parse", "HEAD")
	w.write("db/edited.sql", "SELECT 2;")
	w.write("build/new \n.sql", "SELECT 2;")
	w.git("rm", "-q", "db/gone.sql")
	w.commit("head", "x") // and a file of that name
	w.write("db/untracked.sql", "SELECT 3;")
	b := mustFind(t, w, Options{Ref: base}, base)
	got, err := b.Committed(context.Background())
	if want := []string{"build/new \n.sql", "db/edited.sql", "head"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, want %q, %v", got, want, err)
	}
}

func TestIgnored(t *testing.T) {
	w := newWorkTree(t)
	w.write(".gitignore", "*.dump.sql\n/local/\n")
	w.commit("base", "x")
	w.write("a.dump.sql", "SELECT 1;")
	w.write("local/a.sql", "SELECT 1;")
	w.write("b.sql", "SELECT 1;")
	b := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	got := b.Ignored(context.Background(), []string{"a.dump.sql", "b.sql", "local/a.sql"})
	if !got["a.dump.sql"] || !got["local/a.sql"] || got["b.sql"] {
		t.Errorf("%v", got)
	}
	if got := b.Ignored(context.Background(), []string{"b.sql"}); got["b.sql"] {
		t.Errorf("%v", got)
	}
}

func TestTracks(t *testing.T) {
	w := newWorkTree(t)
	w.write("db/deep/a.sql", "SELECT 1;")
	w.commit("base", "x")
	w.write("data/b.sql", "SELECT 1;")
	b := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	for dir, want := range map[string]bool{"db": true, "db/deep": true, "data": false, "d": false} {
		if got := b.Tracks(context.Background(), dir); got != want {
			t.Errorf("%s: %v", dir, got)
		}
		if got := TracksBelow(context.Background(), w.dir, dir, os.Getenv); got != want {
			t.Errorf("%s without a base: %v", dir, got)
		}
	}
	if !TracksBelow(context.Background(), t.TempDir(), "data", os.Getenv) {
		t.Error("nothing is tracked where nobody can know")
	}
}

func TestHasContent(t *testing.T) {
	w := newWorkTree(t)
	w.write("db/a.sql", "SELECT 1;")
	w.commit("base", "x")
	tree := openTree(t, w)
	if !tree.HasContent("db/a.sql", "SELECT 1;") {
		t.Error("not the same as it is")
	}
	for name, content := range map[string]string{"db/a.sql": "SELECT 2;", "db/b.sql": "SELECT 1;", "db": ""} {
		if tree.HasContent(name, content) {
			t.Errorf("%s has %q", name, content)
		}
	}
}
