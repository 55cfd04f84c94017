package postgres

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	runPrefix = "migvet-"
	lockName  = "lock"
)

// A runDir holds the files of one run. Its lock file is locked for as long as
// the run lives: what is not locked was left by a run that was killed, and
// [sweep] removes it. The pid in the name is for people only, pids come again.
type runDir struct {
	path string
	lock *os.File
}

// newRunDir makes a directory in parent that others can pass through but not
// read: PostgreSQL may run as another user in a directory below it.
func newRunDir(parent string) (*runDir, error) {
	for range 10 {
		d, err := tryRunDir(parent)
		if err != nil || d != nil {
			return d, err
		}
	}
	return nil, fmt.Errorf("no directory of our own in %s: another process removes it again and again", parent)
}

// tryRunDir gives nil when a sweep came between making and locking it.
func tryRunDir(parent string) (*runDir, error) {
	var random [4]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	path := filepath.Join(parent, fmt.Sprintf("%s%d-%s", runPrefix, os.Getpid(), hex.EncodeToString(random[:])))
	if err := mkdirMode(path, 0o711); err != nil {
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
	if err == nil && locked && linked(lock) {
		return &runDir{path: path, lock: lock}, nil
	}
	lock.Close()
	return nil, err
}

// mkdirMode makes a directory with exactly this mode, whatever the umask is.
func mkdirMode(path string, mode os.FileMode) error {
	if err := os.Mkdir(path, mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// mkdir makes a directory inside that only the account can use.
func (d *runDir) mkdir(name string, a account) (string, error) {
	path := filepath.Join(d.path, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		return "", err
	}
	return path, a.own(path)
}

// remove deletes the directory before it gives up the lock, so that no sweep
// gets in between.
func (d *runDir) remove() error {
	err := removeAll(d.path)
	d.lock.Close()
	return err
}

// removeAll tries again while a dying server still makes files.
func removeAll(path string) error {
	var err error
	for range 20 {
		if err = os.RemoveAll(path); err == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// sweep removes what killed runs of this user left in parent.
func sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), runPrefix) && e.IsDir() {
			sweepOne(filepath.Join(parent, e.Name()))
		}
	}
}

// A directory without a lock file is either about to get one or was left by a
// run that was killed in the moment between; age tells.
const lockGrace = time.Minute

func sweepOne(path string) {
	info, err := os.Lstat(path)
	if err != nil || !info.IsDir() || !ownedByUs(info) {
		return
	}
	lock, err := os.OpenFile(filepath.Join(path, lockName), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) && time.Since(info.ModTime()) > lockGrace {
		_ = os.RemoveAll(path) // the next sweep tries again
		return
	}
	if err != nil {
		return
	}
	defer lock.Close()
	if locked, err := tryLock(lock); err == nil && locked {
		_ = removeAll(path) // the next sweep tries again
	}
}
