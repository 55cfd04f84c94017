package postgres

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// abandon makes a directory as a killed run leaves it: not locked, not empty.
func abandon(t *testing.T, root string) string {
	t.Helper()
	d, err := newRunDir(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(d.path, "data", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := d.lock.Close(); err != nil {
		t.Fatal(err)
	}
	return d.path
}

func TestSweepTakesOnlyTheDead(t *testing.T) {
	root := t.TempDir()
	living, err := newRunDir(root)
	if err != nil {
		t.Fatal(err)
	}
	dead := abandon(t, root)
	// The pid of a living process does not protect it: pids come again.
	again := filepath.Join(root, fmt.Sprintf("migvet-%d-0", os.Getppid()))
	if err := os.Rename(abandon(t, root), again); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(root, "other-1-2")
	young := filepath.Join(root, "migvet-1-young")
	old := filepath.Join(root, "migvet-1-old")
	for _, dir := range []string{foreign, young, old} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	hourAgo := time.Now().Add(-time.Hour)
	if err := os.Chtimes(old, hourAgo, hourAgo); err != nil {
		t.Fatal(err)
	}
	sweep(root)
	for path, want := range map[string]bool{
		living.path: true, foreign: true, young: true,
		dead: false, again: false, old: false,
	} {
		if got := exists(path); got != want {
			t.Errorf("%s: exists %v, want %v", filepath.Base(path), got, want)
		}
	}
	if err := living.remove(); err != nil || exists(living.path) {
		t.Errorf("remove: %v", err)
	}
}

func TestSweepFollowsNoLinks(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	precious := abandon(t, outside)
	if err := os.Symlink(precious, filepath.Join(root, "migvet-1-link")); err != nil {
		t.Fatal(err)
	}
	dead := abandon(t, root)
	if err := os.Symlink(outside, filepath.Join(dead, "data", "link")); err != nil {
		t.Fatal(err)
	}
	sweep(root)
	if !exists(precious) {
		t.Error("it followed a link")
	}
	if exists(dead) {
		t.Error("it left a directory with a link")
	}
}

func TestSweepsDoNotHurtNewRuns(t *testing.T) {
	root := t.TempDir()
	stop := make(chan struct{})
	var sweeper sync.WaitGroup
	sweeper.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				sweep(root)
			}
		}
	})
	for range 200 {
		d, err := newRunDir(root)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(d.path, "data"), 0o700); err != nil {
			t.Fatalf("swept alive: %v", err)
		}
		if err := d.remove(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	sweeper.Wait()
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

func TestModesIgnoreUmask(t *testing.T) {
	d, err := newRunDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.remove()
	data, err := d.mkdir("data", account{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{d.path: 0o711, data: 0o700, d.lock.Name(): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}
