package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/migvet/migvet/internal/program"
	"github.com/migvet/migvet/internal/rundir"
)

// outside are the directories whose content is under review: nothing in them is
// run, and nothing in them configures what is run.
func (o Options) outside() []string {
	return append(slices.Clone(o.Outside), program.Workspaces(o.getenv)...)
}

// settled gives up a cache that cannot be trusted.
func (o Options) settled() Options {
	if o.CacheDir == "" {
		return o
	}
	dir, err := o.usableCache()
	if err != nil {
		o.log("working without a cache: %v", err)
	}
	o.CacheDir = dir
	return o
}

// usableCache makes the cache directory, if it is where nobody else can put
// anything: what is in it becomes the server.
func (o Options) usableCache() (string, error) {
	dir, err := filepath.Abs(o.CacheDir)
	if err != nil {
		return "", err
	}
	if err := errors.Join(program.Check(dir, o.outside()...), onlyRoots(dir)); err != nil {
		return "", err
	}
	for _, dir := range []string{dir, filepath.Join(dir, templateDir)} {
		if err := makeClosed(dir); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// makeClosed makes a directory that only we can enter. One that exists must be
// closed, too: a directory that came with a checkout can be read by others.
func makeClosed(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	if err := rundir.MkdirMode(dir, 0o700); err == nil || !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !rundir.OwnedByUs(info) || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s is not a directory that only we can enter; remove it, so that it is made anew", dir)
	}
	return nil
}

// stores are the directories that fetched binaries may be in. Root's cache is
// closed to the account that the server runs as; there are two more places then.
func (o Options) stores() []string {
	switch {
	case o.CacheDir == "":
		return nil
	case os.Geteuid() != 0:
		return []string{filepath.Join(o.CacheDir, "servers")}
	}
	return []string{
		"/var/cache/migvet",
		filepath.Join(o.tempRoot(), "cache-of-migvet-0"),
	}
}

// fetchStore is the first store that we can write to. Without a cache it is in
// a directory of this run.
func (o Options) fetchStore() (string, *runDir, error) {
	stores := o.stores()
	if len(stores) == 0 {
		return o.temporaryStore()
	}
	var errs []error
	for _, store := range stores {
		err := makeStore(store)
		if err == nil {
			return store, nil, nil
		}
		errs = append(errs, err)
	}
	return "", nil, errors.Join(errs...)
}

// makeStore makes a directory that the account of the server can read.
func makeStore(dir string) error {
	if os.Geteuid() != 0 {
		return makeClosed(dir)
	}
	if err := rundir.MkdirMode(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return checkOurs(dir)
}

// checkOurs makes sure that nobody else can write to a directory.
func checkOurs(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !rundir.OwnedByUs(info) || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a directory that only we can write to", dir)
	}
	return onlyRoots(dir)
}

func (o Options) temporaryStore() (string, *runDir, error) {
	run, err := sweepAndMake(o.tempRoot())
	if err != nil {
		return "", nil, err
	}
	store := filepath.Join(run.Path, "npm")
	if err := rundir.MkdirMode(store, 0o755); err != nil {
		return "", nil, errors.Join(err, run.Remove())
	}
	return store, run, nil
}

// tempRoot is where servers can have their files when they are not in memory.
func (o Options) tempRoot() string {
	if dir := o.tempDir(); checkReachable(dir) == nil && onlyRoots(dir) == nil {
		return dir
	}
	return "/tmp"
}

// checkReachable reports whether the account of the server can get to dir. Only
// root asks for another account than its own. What does not exist yet will be
// made reachable.
func checkReachable(dir string) error {
	a, err := serverAccount()
	if err != nil || !a.other {
		return err
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			return fmt.Errorf("%s is closed to user %d, who has to run PostgreSQL because root may not", dir, a.uid)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
