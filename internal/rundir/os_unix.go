//go:build unix

package rundir

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// locks says that the system can tell the living from the dead.
const locks = true

// tryLock takes the lock of an open file for this process; false means that
// another one has it. The kernel gives it back when the process ends, however.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// OwnedByUs reports whether the file belongs to the user of this process.
func OwnedByUs(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == os.Geteuid()
}

// stillLinked reports whether an open file still has a name.
func stillLinked(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && st.Nlink > 0
}
