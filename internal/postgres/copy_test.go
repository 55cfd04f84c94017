package postgres

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// dataDirectory is a small tree to copy.
func dataDirectory(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	lay(t, dir, map[string]string{"PG_VERSION": "18\n", "base/1/1259": "rows", "base/1/1260": "", "global/pg_control": "control"})
	return dir
}

func TestCopyTree(t *testing.T) {
	from, to := dataDirectory(t), t.TempDir()
	sum, err := copyTree(from, ownAccount(), to, ownAccount())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"PG_VERSION 600", "base/1/1259 600", "base/1/1260 600", "global/pg_control 600"}
	if got := listing(t, to); !slices.Equal(got, want) {
		t.Errorf("copied %q, want %q", got, want)
	}
	again, err := copyTree(to, ownAccount(), t.TempDir(), ownAccount())
	if err != nil || again != sum {
		t.Errorf("the copy has the sum %d, %v, want %d", again, err, sum)
	}
}

// Whatever the owner of the tree puts there, nothing from elsewhere is copied.
func TestCopyTreeStaysInside(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	stranger := ownAccount()
	stranger.uid++
	for name, c := range map[string]struct {
		make  func(dir string) error
		owner account
	}{
		"link":              {func(dir string) error { return relink(filepath.Join(dir, "PG_VERSION"), secret) }, ownAccount()},
		"relative link":     {func(dir string) error { return relink(filepath.Join(dir, "base", "1", "1259"), "../../../../secret") }, ownAccount()},
		"link to directory": {func(dir string) error { return os.Symlink(filepath.Dir(secret), filepath.Join(dir, "more")) }, ownAccount()},
		"hard link": {func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, "PG_VERSION")), os.Link(secret, filepath.Join(dir, "PG_VERSION")))
		}, ownAccount()},
		"of another user": {func(string) error { return nil }, stranger},
		"huge":            {func(dir string) error { return os.Truncate(filepath.Join(dir, "PG_VERSION"), maxTreeSize+1) }, ownAccount()},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := dataDirectory(t), t.TempDir()
			if err := c.make(from); err != nil {
				t.Fatal(err)
			}
			if _, err := copyTree(from, c.owner, to, ownAccount()); err == nil {
				t.Errorf("copied %q", listing(t, to))
			}
			requireNoSecret(t, to)
		})
	}
}

func requireNoSecret(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), "secret") {
			t.Errorf("%s was copied from elsewhere", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Files and directories turn into links while they are copied.
func TestCopyTreeWhileItChanges(t *testing.T) {
	from, outside := dataDirectory(t), filepath.Join(t.TempDir(), "outside")
	lay(t, outside, map[string]string{"1259": "secret", "1260": "secret"})
	stop := make(chan struct{})
	var changer sync.WaitGroup
	changer.Go(func() {
		file, dir := filepath.Join(from, "PG_VERSION"), filepath.Join(from, "base", "1")
		for {
			select {
			case <-stop:
				return
			default:
			}
			swap(t, file, filepath.Join(outside, "1259"))
			swap(t, dir, outside)
		}
	})
	copied := 0
	for range 300 {
		to := t.TempDir()
		if _, err := copyTree(from, ownAccount(), to, ownAccount()); err == nil {
			copied++
		}
		requireNoSecret(t, to)
	}
	close(stop)
	changer.Wait()
	t.Logf("%d copies of 300 came to an end", copied)
}

// swap has a link in the place of a path for a moment.
func swap(t *testing.T, path, to string) {
	err := errors.Join(os.Rename(path, path+".old"), os.Symlink(to, path), os.Remove(path), os.Rename(path+".old", path))
	if err != nil {
		t.Error(err)
	}
}
