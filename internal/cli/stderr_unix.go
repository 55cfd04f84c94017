//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// ownStderr is the standard error output under another descriptor: PostgreSQL's
// parser has a pipe in the place of the usual one while it parses, and what is
// written there then, such as that a run takes too long, is lost.
func ownStderr() *os.File {
	fd, err := unix.FcntlInt(os.Stderr.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return os.Stderr
	}
	return os.NewFile(uintptr(fd), os.Stderr.Name())
}
