//go:build !linux

package postgres

import "runtime"

func kernelOffers() (landlock int, note string, seccomp, noNewPrivs bool) {
	return 0, "Landlock is not on " + runtime.GOOS, false, false
}
