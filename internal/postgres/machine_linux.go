package postgres

import (
	"fmt"
	"runtime"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// kernelOffers asks for what servers are confined with, and takes none of it.
func kernelOffers() (landlock int, note string, seccomp, noNewPrivs bool) {
	landlock, err := ll.LandlockGetABIVersion()
	if err != nil {
		landlock, note = 0, fmt.Sprintf("this kernel has no Landlock (%v)", err)
	}
	_, err = unix.PrctlRetInt(unix.PR_GET_SECCOMP, 0, 0, 0, 0)
	_, known := architectures[runtime.GOARCH]
	seccomp = err == nil && known
	_, err = unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	return landlock, note, seccomp, err == nil
}
