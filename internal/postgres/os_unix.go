//go:build unix

package postgres

import (
	"io/fs"
	"syscall"

	"golang.org/x/sys/unix"
)

func platformSupported() error { return nil }

// credential has a process run as the account from its start.
func (a account) credential() *syscall.SysProcAttr {
	if !a.other {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
}

// onlyNameOf reports whether a file belongs to an account and has one name: a
// second one may be in a directory that is open to others, or closed to it.
func onlyNameOf(info fs.FileInfo, a account) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) == a.uid && st.Nlink == 1
}

// mayEnter reports whether an account may go through a directory.
func mayEnter(info fs.FileInfo, a account) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case !ok:
		return true
	case int(st.Uid) == a.uid:
		return st.Mode&0o100 != 0
	case int(st.Gid) == a.gid:
		return st.Mode&0o010 != 0
	default:
		return st.Mode&0o001 != 0
	}
}

// freeSpace is what the file system of a directory can still hold, in bytes; 0
// when nobody can tell.
func freeSpace(dir string) uint64 {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return 0
	}
	return uint64(st.Bavail) * uint64(st.Bsize)
}

const (
	quitSignal = syscall.SIGQUIT
	killSignal = syscall.SIGKILL
)
