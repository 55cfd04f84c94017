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
	argumentSize   = 8
)

// deniedCalls inspect other processes, change files without opening them, which
// Landlock lets pass, or give ways around the filter.
var deniedCalls = []uint32{
	unix.SYS_IO_URING_SETUP,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN,
	unix.SYS_USERFAULTFD, unix.SYS_ADD_KEY, unix.SYS_KEYCTL, unix.SYS_REQUEST_KEY,
	unix.SYS_FCHMOD, unix.SYS_FCHMODAT2, unix.SYS_FCHOWN, unix.SYS_FCHOWNAT, unix.SYS_UTIMENSAT,
	unix.SYS_SETXATTR, unix.SYS_LSETXATTR, unix.SYS_FSETXATTR,
	unix.SYS_REMOVEXATTR, unix.SYS_LREMOVEXATTR, unix.SYS_FREMOVEXATTR,
}

// An architecture has its own name, and calls that only it has.
type architecture struct {
	audit  uint32
	denied []uint32
	chmod  uint32 // 0 for none
}

// Numbers are from <asm/unistd_64.h>: the constants exist on amd64 alone.
var architectures = map[string]architecture{
	"amd64": {unix.AUDIT_ARCH_X86_64, []uint32{92, 94, 132, 235, 261}, 90}, // chown, lchown, utime, utimes, futimesat; chmod
	"arm64": {audit: unix.AUDIT_ARCH_AARCH64},
}

// denyCalls takes from this thread, and what it becomes, the calls that Landlock
// does not guard. Unless talk is set these include connect, and all sockets but
// those that accept local connections: Landlock guards sockets with a path only
// from its ABI 9 on, UDP from 10, and multipath TCP never. The socket of a
// container engine is a way to root, and a superuser can bring machine code with
// LANGUAGE C.
//
// It returns false where it knows no filter for the architecture. no_new_privs
// must be set.
func denyCalls(talk bool) (bool, error) {
	arch, ok := architectures[runtime.GOARCH]
	if !ok {
		return false, nil
	}
	filter := callFilter(arch, talk)
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0); err != nil {
		return false, fmt.Errorf("seccomp: %w", err)
	}
	return true, nil
}

const (
	load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	mask  = unix.BPF_ALU | unix.BPF_AND | unix.BPF_K
	equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	least = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
	set   = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	give  = unix.BPF_RET | unix.BPF_K

	allowed = unix.SECCOMP_RET_ALLOW
	denied  = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	missing = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

func callFilter(arch architecture, talk bool) []unix.SockFilter {
	const x32 = 0x4000_0000 // the second set of call numbers of amd64
	filter := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, Jt: 1, K: arch.audit},
		{Code: give, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: load, K: offsetNumber},
		{Code: least, Jf: 1, K: x32},
		{Code: give, K: denied},
	}
	for _, number := range append(deniedCalls, arch.denied...) {
		filter = append(filter, answer(number, denied)...)
	}
	// The server makes its socket private.
	filter = append(filter, onlyWith(unix.SYS_FCHMODAT, 2, 0o700)...)
	if arch.chmod != 0 {
		filter = append(filter, onlyWith(arch.chmod, 1, 0o700)...)
	}
	// User namespaces give rights over much of the kernel. The flags of clone3
	// are out of reach here; libraries then take clone.
	filter = append(filter, answer(unix.SYS_CLONE3, missing)...)
	filter = append(filter, without(unix.SYS_CLONE, 0, unix.CLONE_NEWUSER)...)
	if !talk {
		filter = append(filter, answer(unix.SYS_CONNECT, denied)...)
		filter = append(filter, onlyListening()...)
	}
	return append(filter, unix.SockFilter{Code: give, K: allowed})
}

func answer(number, with uint32) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: equal, Jf: 1, K: number},
		{Code: give, K: with},
	}
}

func onlyWith(number uint32, argument int, value uint32) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: equal, Jf: 4, K: number},
		{Code: load, K: offset(argument)},
		{Code: equal, Jt: 1, K: value},
		{Code: give, K: denied},
		{Code: give, K: allowed},
	}
}

func without(number uint32, argument int, flag uint32) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: equal, Jf: 4, K: number},
		{Code: load, K: offset(argument)},
		{Code: set, Jf: 1, K: flag},
		{Code: give, K: denied},
		{Code: give, K: allowed},
	}
}

// onlyListening leaves sockets that can do nothing without connect.
func onlyListening() []unix.SockFilter {
	const typeMask = 0xf // without SOCK_CLOEXEC and SOCK_NONBLOCK
	return []unix.SockFilter{
		{Code: equal, Jf: 8, K: unix.SYS_SOCKET},
		{Code: load, K: offset(0)},
		{Code: equal, Jt: 1, K: unix.AF_UNIX},
		{Code: give, K: denied},
		{Code: load, K: offset(1)},
		{Code: mask, K: typeMask},
		{Code: equal, Jt: 1, K: unix.SOCK_STREAM}, // the others send without connect
		{Code: give, K: denied},
		{Code: give, K: allowed},
	}
}

func offset(argument int) uint32 { return uint32(offsetArgument + argument*argumentSize) }
