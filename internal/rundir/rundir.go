// Package rundir makes directories for the files of one run, and removes those of
// runs that were killed.
package rundir

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
)

const (
	lockName = "lock"
	// lockText tells our lock from other files of that name.
	lockText = "migvet locks this file while it runs, and removes the directory of a run that was killed.\n"
)

// runName is what directories of runs are called, and nothing else of ours is:
// migvet-4711-0badcafe.
var runName = lazyregexp.New(`^migvet-[0-9]+-[0-9a-f]{8}$`)

// A Dir holds the files of one run. Its lock file is locked for as long as the run
// lives: what is not locked was left by a run that was killed, and [Sweep] removes
// it. The pid in the name is for people only, pids come again.
type Dir struct {
	Path string
	lock *os.File
}

// SweepAndMake removes what killed runs left in parent, and makes a directory there.
func SweepAndMake(parent string) (*Dir, error) {
	Sweep(parent)
	return New(parent)
}

// New makes a directory in parent that others can pass through but not read:
// PostgreSQL may run as another user in a directory below it.
func New(parent string) (*Dir, error) {
	for range 10 {
		d, err := tryNew(parent)
		if err != nil || d != nil {
			return d, err
		}
	}
	return nil, fmt.Errorf("no directory of our own in %s: another process removes it again and again", parent)
}

// tryNew gives nil when a sweep came between making and locking it.
func tryNew(parent string) (*Dir, error) {
	var random [4]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	path := filepath.Join(parent, fmt.Sprintf("migvet-%d-%s", os.Getpid(), hex.EncodeToString(random[:])))
	if err := MkdirMode(path, 0o711); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	locked, err := tryLock(lock)
	if err == nil && locked && stillLinked(lock) {
		_, err = lock.WriteString(lockText)
		if err == nil {
			return &Dir{Path: path, lock: lock}, nil
		}
		err = errors.Join(err, os.RemoveAll(path))
	}
	lock.Close()
	return nil, err
}

// MkdirMode makes a directory with exactly this mode, whatever the umask is.
func MkdirMode(path string, mode os.FileMode) error {
	if err := os.Mkdir(path, mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// Remove deletes the directory before it gives up the lock, so that no sweep gets
// in between.
func (d *Dir) Remove() error {
	if !locks {
		d.lock.Close() // an open file cannot be removed there
	}
	err := RemoveAll(d.Path)
	d.lock.Close()
	return err
}

// RemoveAll tries again while a dying server still makes files.
func RemoveAll(path string) error {
	var err error
	for range 20 {
		if err = os.RemoveAll(path); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// Sweep removes what killed runs of this user left in parent. What has another
// name, or no lock of ours, is somebody else's.
func Sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil || !locks {
		return
	}
	for _, e := range entries {
		if e.IsDir() && runName.MatchString(e.Name()) {
			sweepOne(filepath.Join(parent, e.Name()))
		}
	}
}

// sweepOne leaves what it cannot remove to the next sweep.
func sweepOne(path string) {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || !OwnedByUs(info) {
		return
	}
	lock, text := openLock(path)
	if lock == nil {
		removeHusk(path, info.ModTime())
		return
	}
	defer lock.Close()
	locked, err := tryLock(lock)
	switch {
	case err != nil || !locked:
	case text == lockText:
		_ = RemoveAll(path)
	case text == "":
		removeHusk(path, info.ModTime())
	}
}

// openLock opens the lock file of a run, and gives nil when there is none.
func openLock(path string) (lock *os.File, text string) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, ""
	}
	defer root.Close()
	// A FIFO would have us wait.
	if info, err := root.Lstat(lockName); err != nil || !info.Mode().IsRegular() {
		return nil, ""
	}
	lock, err = root.OpenFile(lockName, os.O_RDWR, 0)
	if err != nil {
		return nil, ""
	}
	content, err := io.ReadAll(io.LimitReader(lock, int64(len(lockText)+1)))
	if err != nil {
		lock.Close()
		return nil, ""
	}
	return lock, string(content)
}

// A directory without a lock, or with an empty one, is either about to get it or
// was left by a run that was killed in the moment between; age tells.
const lockGrace = time.Minute

// removeHusk removes a directory of a run that did not get to make more than a
// lock file with nothing in it.
func removeHusk(path string, made time.Time) {
	entries, err := os.ReadDir(path)
	if err != nil || time.Since(made) <= lockGrace || slices.ContainsFunc(entries, isMore) {
		return
	}
	for _, e := range entries {
		_ = os.Remove(filepath.Join(path, e.Name()))
	}
	_ = os.Remove(path)
}

// isMore reports whether a directory has more in it than an empty lock file.
func isMore(e fs.DirEntry) bool {
	info, err := e.Info()
	return err != nil || info.Name() != lockName || !info.Mode().IsRegular() || info.Size() > 0
}
