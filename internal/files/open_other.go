//go:build !unix

package files

// nonblocking has no meaning where pipes have no names among files.
const nonblocking = 0

// exactNames is false where GIT~1 is another name of .git.
const exactNames = false
