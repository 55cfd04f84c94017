package postgres

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/rundir"
	"github.com/migvet/migvet/internal/skip"
)

func TestOnlyRoots(t *testing.T) {
	if skip.UnlessRoot(t) {
		return
	}
	const stranger = 65533
	for name, c := range map[string]struct {
		make func(dir string) error
		ok   bool
	}{
		"root's":          {func(dir string) error { return rundir.MkdirMode(filepath.Join(dir, "a"), 0o755) }, true},
		"missing":         {func(string) error { return nil }, true},
		"like /tmp":       {func(dir string) error { return rundir.MkdirMode(filepath.Join(dir, "a"), 0o777|os.ModeSticky) }, true},
		"open":            {func(dir string) error { return rundir.MkdirMode(filepath.Join(dir, "a"), 0o777) }, false},
		"open to a group": {func(dir string) error { return rundir.MkdirMode(filepath.Join(dir, "a"), 0o775) }, false},
		"another's":       {func(dir string) error { return theirs(filepath.Join(dir, "a"), stranger) }, false},
		"root's below another's": {func(dir string) error {
			return errors.Join(os.Chown(dir, stranger, stranger), rundir.MkdirMode(filepath.Join(dir, "a"), 0o755))
		}, false},
		"link of another": {func(dir string) error {
			return errors.Join(os.Symlink("/tmp", filepath.Join(dir, "a")), os.Lchown(filepath.Join(dir, "a"), stranger, stranger))
		}, false},
		"link to root's": {func(dir string) error { return os.Symlink("/tmp", filepath.Join(dir, "a")) }, true},
		"link to another's": {func(dir string) error {
			return errors.Join(theirs(filepath.Join(dir, "b"), stranger), os.Symlink("b", filepath.Join(dir, "a")))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := openTempDir(t)
			if err := c.make(dir); err != nil {
				t.Fatal(err)
			}
			if err := onlyRoots(filepath.Join(dir, "a")); (err == nil) != c.ok {
				t.Errorf("%v", err)
			}
		})
	}
}

func theirs(dir string, uid int) error {
	return errors.Join(rundir.MkdirMode(dir, 0o755), os.Chown(dir, uid, uid))
}

// Root runs neither what a user installed nor, as root, what says its version.
func TestRootRunsNoProgramsOfUsers(t *testing.T) {
	if skip.UnlessRoot(t) {
		return
	}
	mine, theirs := fakeBinDir(t, "postgres (PostgreSQL) 98.1"), fakeBinDir(t, "postgres (PostgreSQL) 99.1")
	if err := os.Chown(theirs, 65533, 65533); err != nil {
		t.Fatal(err)
	}
	said := openTempDir(t)
	if err := os.Chmod(said, 0o777); err != nil {
		t.Fatal(err)
	}
	writeScript(t, filepath.Join(mine, "postgres"), "/usr/bin/id -u >"+said+"/uid; echo 'postgres (PostgreSQL) 98.1'")
	var log strings.Builder
	path := theirs + string(filepath.ListSeparator) + mine
	i, err := Find(t.Context(), Options{Getenv: environment(map[string]string{"PATH": path}), Log: func(_ string, args ...any) {
		for _, a := range args {
			if err, ok := a.(error); ok {
				log.WriteString(err.Error())
			}
		}
	}})
	if err != nil || i.BinDir != mine {
		t.Fatalf("found %v, %v", i, err)
	}
	if !strings.Contains(log.String(), "others can change "+theirs) {
		t.Errorf("said %q", log.String())
	}
	uid, err := os.ReadFile(filepath.Join(said, "uid"))
	if err != nil || strings.TrimSpace(string(uid)) == "0" {
		t.Errorf("it ran as user %s, %v", uid, err)
	}
}

// A directory that a user owns is no place for root's files.
func TestRootAvoidsDirectoriesOfUsers(t *testing.T) {
	if skip.UnlessRoot(t) {
		return
	}
	home := openTempDir(t)
	if err := errors.Join(os.Chown(home, 65533, 65533), os.Chmod(home, 0o755)); err != nil {
		t.Fatal(err)
	}
	o := Options{CacheDir: filepath.Join(home, "cache"), Getenv: environment(map[string]string{"TMPDIR": home})}
	if got := o.settled().CacheDir; got != "" {
		t.Errorf("the cache is %s", got)
	}
	if got := o.tempRoot(); got != "/tmp" {
		t.Errorf("the servers are in %s", got)
	}
	if f, err := makeFiles(home, ownAccount()); err == nil {
		t.Errorf("made %s", f.data)
	}
	if left := listing(t, home); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}
