//go:build unix

package lint

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// keepStderr returns what puts file descriptor 2 back. libpg_query exchanges it for
// a pipe while it parses, and puts back what it found; two threads that do so at
// once may leave the pipe of one behind.
func keepStderr() (restore func(), err error) {
	const stderr = 2
	kept, err := unix.FcntlInt(stderr, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("keeping the standard error output: %w", err)
	}
	return func() {
		_ = unix.Dup2(kept, stderr) // of open descriptors, which cannot fail
		_ = unix.Close(kept)
	}, nil
}
