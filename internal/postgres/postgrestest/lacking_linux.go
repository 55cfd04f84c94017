package postgrestest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

func lacking(t testing.TB, cmd *exec.Cmd, f feature) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if cmd.Err != nil {
		t.Fatal(cmd.Err)
	}
	cmd.Args = append([]string{self, lackingArg, string(f), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = self
}

func becomeLacking(f feature, command []string) error {
	if len(command) == 0 {
		return errors.New("without which program?")
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	runtime.LockOSThread() // the filter belongs to the thread that calls execve
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	filter := lackingFilter(f)
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0); err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	return unix.Exec(path, command, os.Environ())
}

// Offsets in struct seccomp_data of <linux/seccomp.h>, whose arguments have 64 bits.
const (
	offsetNumber = 0
	offsetSecond = 16 + 8
)

const (
	load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	set   = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	give  = unix.BPF_RET | unix.BPF_K
)

func lackingFilter(f feature) []unix.SockFilter {
	const allowed = unix.SECCOMP_RET_ALLOW
	missing := unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	busy := unix.SECCOMP_RET_ERRNO | uint32(unix.EBUSY)
	filter := []unix.SockFilter{{Code: load, K: offsetNumber}}
	if f == notification {
		return append(filter,
			unix.SockFilter{Code: equal, Jf: 3, K: unix.SYS_SECCOMP},
			unix.SockFilter{Code: load, K: offsetSecond},
			unix.SockFilter{Code: set, Jf: 1, K: unix.SECCOMP_FILTER_FLAG_NEW_LISTENER},
			unix.SockFilter{Code: give, K: busy},
			unix.SockFilter{Code: give, K: allowed})
	}
	for _, number := range []uint32{unix.SYS_LANDLOCK_CREATE_RULESET, unix.SYS_LANDLOCK_ADD_RULE, unix.SYS_LANDLOCK_RESTRICT_SELF} {
		filter = append(filter,
			unix.SockFilter{Code: equal, Jf: 1, K: number},
			unix.SockFilter{Code: give, K: missing})
	}
	return append(filter, unix.SockFilter{Code: give, K: allowed})
}
