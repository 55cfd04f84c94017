//go:build unix

package files

import "syscall"

// nonblocking makes opening a pipe return at once. Files and directories do not
// mind.
const nonblocking = syscall.O_NONBLOCK

// exactNames: what is not called .git, in whatever case, is not git's, as far as anybody
// looks: file systems of other systems may know it by more names.
const exactNames = true
