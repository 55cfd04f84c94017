package postgres

import (
	"fmt"
	"runtime"
	"unsafe"

	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// askKernel asks for what servers are confined with, and takes none of it.
func (m *Machine) askKernel() {
	var err error
	if m.Landlock, err = ll.LandlockGetABIVersion(); err != nil {
		m.Landlock, m.LandlockNote = 0, fmt.Sprintf("this kernel has no Landlock (%v)", err)
	}
	_, known := architectures[runtime.GOARCH]
	m.Seccomp = known && filterCan(unix.SECCOMP_RET_ERRNO)
	m.SeccompNotify = m.Seccomp && filterCan(unix.SECCOMP_RET_USER_NOTIF)
	_, err = unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	m.NoNewPrivs = err == nil
}

func filterCan(action uint32) bool {
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	return errno == 0
}
