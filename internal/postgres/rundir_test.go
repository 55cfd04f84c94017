package postgres

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// lay makes a directory with files.
func lay(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

// What else migvet makes is told from runs by its name, also by versions that
// sweep everything named migvet-.
func TestNothingElseIsNamedLikeARun(t *testing.T) {
	o := Options{CacheDir: "/root/.cache/migvet", Getenv: environment(nil)}
	for _, store := range o.stores() {
		if strings.HasPrefix(filepath.Base(store), "migvet-") {
			t.Errorf("%s may be swept", store)
		}
	}
}

func TestSocketPathIsShort(t *testing.T) {
	root := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	f, err := makeFiles(root, account{})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(f.data, root) {
		t.Errorf("data is in %s", f.data)
	}
	l, err := net.Listen("unix", filepath.Join(f.socket, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := f.remove(); err != nil || exists(f.data) || exists(f.socket) {
		t.Errorf("remove: %v", err)
	}
}

func TestDataIsForTheAccountAlone(t *testing.T) {
	d, err := sweepAndMake(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Remove()
	data, err := d.mkdir("data", account{})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}
