//go:build unix

package files

import "syscall"

// nonblocking makes opening a pipe return at once. Files and directories do not
// mind.
const nonblocking = syscall.O_NONBLOCK
