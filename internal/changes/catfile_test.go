package changes

import (
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// onlyInGit is a tree whose files git must be asked for.
func onlyInGit(t *testing.T, texts map[string]string) (*Tree, *catFile) {
	t.Helper()
	w := newWorkTree(t)
	for name, text := range texts {
		w.write(name, text)
	}
	w.commit("last.sql", "SELECT 1;\n")
	for name := range texts {
		w.write(name, "changed")
	}
	tree := openTree(t, w)
	return tree, tree.blobs.(*catFile)
}

// Whatever becomes of an answer, the next one is the next file's.
func TestAnswersOfGitStayApart(t *testing.T) {
	long := strings.Repeat("SELECT 1;\n", 100_000)
	tree, blobs := onlyInGit(t, map[string]string{"a.sql": long, "b.sql": "SELECT 2;\n", "c.sql": ""})
	broken := errors.New("no more of this")
	part := func(r io.Reader) error {
		_, err := io.ReadFull(r, make([]byte, 10))
		return err
	}
	for name, c := range map[string]struct {
		use  func(io.Reader) error
		want error
	}{
		"nothing is read":          {func(io.Reader) error { return nil }, nil},
		"a part is read":           {part, nil},
		"all is read":              {func(r io.Reader) error { _, err := io.Copy(io.Discard, r); return err }, nil},
		"nothing, and it fails":    {func(io.Reader) error { return broken }, broken},
		"a part, and then it does": {func(r io.Reader) error { return errors.Join(part(r), broken) }, broken},
	} {
		if err := blobs.stream(tree.nodes["a.sql"], c.use); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		for file, want := range map[string]string{"b.sql": "SELECT 2;\n", "c.sql": "", "a.sql": long} {
			if got, err := fs.ReadFile(tree, file); err != nil || string(got) != want {
				t.Fatalf("%s: then %s has %.20q, %v", name, file, got, err)
			}
		}
	}
}

// What git does not have, or has as something else, is no answer to the next question.
func TestNoAnswerOfGit(t *testing.T) {
	tree, blobs := onlyInGit(t, map[string]string{"a.sql": "SELECT 1;\n"})
	known := tree.nodes["a.sql"]
	missing := &node{path: "x", hash: strings.Repeat("1", len(known.hash))}
	commit := &node{path: "x", hash: blobs.repository.commit(t.Context(), "HEAD")}
	for _, n := range []*node{missing, commit, missing} {
		_, err := blobs.read(n)
		if !errors.Is(err, errNoBlob) {
			t.Errorf("%s: %v", n.hash, err)
		}
		if got, err := blobs.read(known); err != nil || got != "SELECT 1;\n" {
			t.Errorf("after %s: %q, %v", n.hash, got, err)
		}
	}
}

// A file that is too large is said to be, and neither are others with it nor does
// anybody wait for git to write it.
func TestTooLargeForMemory(t *testing.T) {
	tree, _ := onlyInGit(t, map[string]string{"a.sql": strings.Repeat("\x00", maxBlob+1), "b.sql": "SELECT 2;\n"})
	if got, err := fs.ReadFile(tree, "a.sql"); err == nil || !strings.Contains(err.Error(), "files up to 64 MiB are read") {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	if got, err := fs.ReadFile(tree, "b.sql"); err != nil || string(got) != "SELECT 2;\n" {
		t.Errorf("b.sql has %q, %v", got, err)
	}
	if _, err := fs.ReadFile(tree, "a.sql"); err == nil {
		t.Error("a.sql was read at last")
	}
	closed := make(chan error, 1)
	go func() { closed <- tree.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("git is waited for")
	}
}

func TestClosedTreeStreamsNothing(t *testing.T) {
	tree, blobs := onlyInGit(t, map[string]string{"a.sql": "SELECT 1;\n"})
	if err := tree.Close(); err != nil {
		t.Fatal(err)
	}
	if err := blobs.stream(tree.nodes["a.sql"], func(io.Reader) error { return nil }); !errors.Is(err, fs.ErrClosed) {
		t.Error(err)
	}
}
