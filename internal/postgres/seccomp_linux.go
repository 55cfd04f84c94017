package postgres

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Offsets in struct seccomp_data of <linux/seccomp.h>; arguments have 64 bits,
// the low half is first on the architectures below.
const (
	offsetNumber   = 0
	offsetArch     = 4
	offsetArgument = 16
)

// Landlock leaves gaps: sockets with a path before its ABI 9, UDP before 10,
// and multipath TCP. They matter: the socket of a container engine is a way to
// root, and a superuser can bring machine code with LANGUAGE C. A server that
// only accepts needs no connect at all. The rest of the list inspects other
// processes, or gives ways around the filter.
var deniedCalls = []uint32{
	unix.SYS_CONNECT, unix.SYS_IO_URING_SETUP,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN,
	unix.SYS_USERFAULTFD, unix.SYS_ADD_KEY, unix.SYS_KEYCTL, unix.SYS_REQUEST_KEY,
}

// denyNetwork leaves this thread, and what it becomes, sockets to accept local
// connections with, and nothing to connect with. It returns false where it
// knows no filter for the architecture. no_new_privs must be set.
func denyNetwork() (bool, error) {
	arch, ok := map[string]uint32{"amd64": unix.AUDIT_ARCH_X86_64, "arm64": unix.AUDIT_ARCH_AARCH64}[runtime.GOARCH]
	if !ok {
		return false, nil
	}
	filter := networkFilter(arch)
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0); err != nil {
		return false, fmt.Errorf("seccomp: %w", err)
	}
	return true, nil
}

func networkFilter(arch uint32) []unix.SockFilter {
	const (
		load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		mask  = unix.BPF_ALU | unix.BPF_AND | unix.BPF_K
		equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		least = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		give  = unix.BPF_RET | unix.BPF_K

		x32       = 0x4000_0000 // the second set of call numbers of amd64
		typeMask  = 0xf         // without SOCK_CLOEXEC and SOCK_NONBLOCK
		denial    = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
		wrongArch = unix.SECCOMP_RET_KILL_PROCESS
	)
	filter := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, Jt: 1, K: arch},
		{Code: give, K: wrongArch},
		{Code: load, K: offsetNumber},
		{Code: least, Jf: 1, K: x32},
		{Code: give, K: denial},
	}
	for _, number := range deniedCalls {
		filter = append(filter,
			unix.SockFilter{Code: equal, Jf: 1, K: number},
			unix.SockFilter{Code: give, K: denial})
	}
	return append(filter,
		unix.SockFilter{Code: equal, Jt: 1, K: unix.SYS_SOCKET},
		unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: load, K: offsetArgument},
		unix.SockFilter{Code: equal, Jt: 1, K: unix.AF_UNIX},
		unix.SockFilter{Code: give, K: denial},
		unix.SockFilter{Code: load, K: offsetArgument + 8},
		unix.SockFilter{Code: mask, K: typeMask},
		unix.SockFilter{Code: equal, Jt: 1, K: unix.SOCK_STREAM}, // the others send without connect
		unix.SockFilter{Code: give, K: denial},
		unix.SockFilter{Code: give, K: unix.SECCOMP_RET_ALLOW})
}
