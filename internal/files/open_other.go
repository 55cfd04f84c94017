//go:build !unix

package files

// nonblocking has no meaning where pipes have no names among files.
const nonblocking = 0
