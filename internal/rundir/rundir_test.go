package rundir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	d, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(d.Path, "data", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := d.lock.Close(); err != nil {
		t.Fatal(err)
	}
	return d.Path
}

func TestSweepTakesOnlyTheDead(t *testing.T) {
	root := t.TempDir()
	living, err := New(root)
	if err != nil {
		t.Fatal(err)
	}
	dead := abandon(t, root)
	// The pid of a living process does not protect it: pids come again.
	again := filepath.Join(root, fmt.Sprintf("migvet-%d-00000000", os.Getppid()))
	if err := os.Rename(abandon(t, root), again); err != nil {
		t.Fatal(err)
	}
	Sweep(root)
	for path, want := range map[string]bool{living.Path: true, dead: false, again: false} {
		if got := exists(path); got != want {
			t.Errorf("%s: exists %v, want %v", filepath.Base(path), got, want)
		}
	}
	if err := living.Remove(); err != nil || exists(living.Path) {
		t.Errorf("remove: %v", err)
	}
}

func TestSweepLeavesWhatIsNotOurs(t *testing.T) {
	root := t.TempDir()
	ours, text := "migvet-17-0123abcd", lockText
	for name, c := range map[string]struct {
		dir   string
		files map[string]string
		young bool
		gone  bool
	}{
		"notes":                  {dir: "migvet-notes", files: map[string]string{"a": "x"}},
		"notes with a lock":      {dir: "migvet-notes", files: map[string]string{"a": "x", "lock": ""}},
		"notes with our lock":    {dir: "migvet-notes", files: map[string]string{"a": "x", "lock": text}},
		"empty":                  {dir: "migvet-work"},
		"longer":                 {dir: ours + "-x", files: map[string]string{"lock": text}},
		"before":                 {dir: "my-" + ours, files: map[string]string{"lock": text}},
		"shorter":                {dir: "migvet-17-0123abc", files: map[string]string{"lock": text}},
		"upper case":             {dir: "migvet-17-0123ABCD", files: map[string]string{"lock": text}},
		"no pid":                 {dir: "migvet--0123abcd", files: map[string]string{"lock": text}},
		"of mktemp":              {dir: "migvet-cache-0", files: map[string]string{"lock": text}},
		"of drizzle":             {dir: "migvet-drizzle-12345678", files: map[string]string{"a": ""}},
		"no lock":                {dir: ours, files: map[string]string{"a": "x"}},
		"empty lock":             {dir: ours, files: map[string]string{"a": "x", "lock": ""}},
		"another lock":           {dir: ours, files: map[string]string{"lock": "1234\n"}},
		"longer lock":            {dir: ours, files: map[string]string{"lock": text + "x"}},
		"lock is a directory":    {dir: ours, files: map[string]string{"lock/x": ""}},
		"empty and our name":     {dir: ours, gone: true},
		"young":                  {dir: ours, young: true},
		"young with lock":        {dir: ours, files: map[string]string{"lock": ""}, young: true},
		"killed before the text": {dir: ours, files: map[string]string{"lock": ""}, gone: true},
		"killed":                 {dir: ours, files: map[string]string{"lock": text, "data/x": ""}, gone: true},
		"killed just now":        {dir: ours, files: map[string]string{"lock": text, "data/x": ""}, young: true, gone: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, c.dir)
			lay(t, dir, c.files)
			if !c.young {
				old := time.Now().Add(-lockGrace - time.Second)
				if err := os.Chtimes(dir, old, old); err != nil {
					t.Fatal(err)
				}
			}
			before := listing(t, dir)
			Sweep(root)
			if exists(dir) == c.gone {
				t.Errorf("exists %v", exists(dir))
			}
			if !c.gone && !slices.Equal(listing(t, dir), before) {
				t.Errorf("left %q of %q", listing(t, dir), before)
			}
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		})
	}
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

func TestRunsAreNamedAsSwept(t *testing.T) {
	d, err := New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Remove()
	if !runName.MatchString(filepath.Base(d.Path)) {
		t.Errorf("%s is not swept", d.Path)
	}
}

func TestSweepFollowsNoLinks(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	precious := abandon(t, outside)
	if err := os.Symlink(precious, filepath.Join(root, "migvet-1-0123abcd")); err != nil {
		t.Fatal(err)
	}
	dead := abandon(t, root)
	if err := os.Symlink(outside, filepath.Join(dead, "data", "link")); err != nil {
		t.Fatal(err)
	}
	Sweep(root)
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
				Sweep(root)
			}
		}
	})
	for range 200 {
		d, err := New(root)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(d.Path, "data"), 0o700); err != nil {
			t.Fatalf("swept alive: %v", err)
		}
		if err := d.Remove(); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	sweeper.Wait()
}

func TestModesIgnoreUmask(t *testing.T) {
	d, err := New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Remove()
	for path, want := range map[string]os.FileMode{d.Path: 0o711, d.lock.Name(): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
}

// listing is all that a directory holds.
func listing(t *testing.T, dir string) (all []string) {
	t.Helper()
	if !exists(dir) {
		return nil
	}
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
