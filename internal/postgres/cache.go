package postgres

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// privateDir is a directory of the cache that nobody else can write to. What
// is in it becomes the server, so it must be ours. "" without a cache.
func privateDir(cache, name string) (string, error) {
	if cache == "" {
		return "", nil
	}
	return makeOurs(0o700, cache, filepath.Join(cache, name))
}

// makeOurs makes the directories, each in the one before, and returns the last.
func makeOurs(mode os.FileMode, dirs ...string) (string, error) {
	var last string
	for _, dir := range dirs {
		if err := os.MkdirAll(dir, mode); err != nil {
			return "", err
		}
		if err := checkOurs(dir); err != nil {
			return "", err
		}
		last = dir
	}
	return last, os.Chmod(last, mode) // whatever the umask is
}

func checkOurs(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ownedByUs(info) || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a directory that only we can write to", dir)
	}
	return nil
}

// stores are the directories that fetched binaries may be in. Root's cache is
// usually closed to the account that the server runs as; there are two more
// places then.
func (o Options) stores() []string {
	if o.CacheDir == "" {
		return nil
	}
	store := filepath.Join(o.CacheDir, "npm")
	if checkReachable(store) == nil {
		return []string{store}
	}
	return []string{
		"/var/cache/migvet",
		filepath.Join(o.tempDir(), "migvet-cache-"+strconv.Itoa(os.Geteuid())),
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
		dir, err := makeOurs(0o755, store)
		if err == nil {
			return dir, nil, nil
		}
		errs = append(errs, err)
	}
	return "", nil, errors.Join(errs...)
}

func (o Options) temporaryStore() (string, *runDir, error) {
	run, err := sweepAndMake(o.tempDir())
	if err != nil {
		return "", nil, err
	}
	store := filepath.Join(run.path, "npm")
	if err := mkdirMode(store, 0o755); err != nil {
		return "", nil, errors.Join(err, run.remove())
	}
	return store, run, nil
}

// tempRoot is where servers can have their files when they are not in memory.
func (o Options) tempRoot() string {
	if dir := o.tempDir(); checkReachable(dir) == nil {
		return dir
	}
	return os.TempDir()
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
