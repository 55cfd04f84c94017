//go:build !unix

package cli

import "os"

// ownStderr is as it is where nothing is known of file descriptors.
func ownStderr() *os.File { return os.Stderr }
