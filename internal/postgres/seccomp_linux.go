package postgres

import (
	"fmt"
	"os"
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

// A callDenial is what became of the calls that a server must not make.
type callDenial struct {
	filter bool // they are denied; false where no filter is known for the architecture
	// memory tells of calls for System V shared memory, which wait until somebody
	// answers them: see answerMemory. It is nil where the kernel offers no such
	// thing, and lets everybody make them.
	memory *os.File
}

// denyCalls takes from this thread, and what it becomes, the calls that Landlock
// does not guard. Unless talk is set these include connect, and all sockets but
// those that accept local connections: Landlock guards sockets with a path only
// from its ABI 9 on, UDP from 10, and multipath TCP never. The socket of a
// container engine is a way to root, and a superuser can bring machine code with
// LANGUAGE C. no_new_privs must be set.
func denyCalls(talk bool) (callDenial, error) {
	arch, ok := architectures[runtime.GOARCH]
	if !ok {
		return callDenial{}, nil
	}
	listener, err := setFilter(callFilter(arch, talk, notified), unix.SECCOMP_FILTER_FLAG_NEW_LISTENER)
	if err == nil {
		return callDenial{filter: true, memory: os.NewFile(listener, "seccomp")}, nil
	}
	// There may be a listener already: that of the container we are in.
	if _, err := setFilter(callFilter(arch, talk, allowed), 0); err != nil {
		return callDenial{}, fmt.Errorf("seccomp: %w", err)
	}
	return callDenial{filter: true}, nil
}

func setFilter(filter []unix.SockFilter, flags uintptr) (listener uintptr, err error) {
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	listener, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return 0, errno
	}
	return listener, nil
}

const (
	load  = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
	mask  = unix.BPF_ALU | unix.BPF_AND | unix.BPF_K
	equal = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
	more  = unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K
	set   = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
	give  = unix.BPF_RET | unix.BPF_K

	allowed  = unix.SECCOMP_RET_ALLOW
	denied   = unix.SECCOMP_RET_ERRNO | uint32(unix.EACCES)
	missing  = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
	notified = unix.SECCOMP_RET_USER_NOTIF
)

// callFilter is the program that decides on each call. memory is what becomes of
// System V shared memory: any process of the same user may read and write it.
// PostgreSQL has a segment to see whether another server has its data directory.
func callFilter(arch architecture, talk bool, memory uint32) []unix.SockFilter {
	filter := []unix.SockFilter{
		{Code: load, K: offsetArch},
		{Code: equal, Jt: 1, K: arch.audit},
		{Code: give, K: unix.SECCOMP_RET_KILL_PROCESS},
		{Code: load, K: offsetNumber},
		// Amd64 has a second set of numbers, x32, far above.
		{Code: more, Jf: 1, K: newestCall},
		{Code: give, K: missing},
	}
	for _, number := range clockCalls { // first, for they are frequent
		filter = append(filter, without(number, 0, 1<<31)...)
	}
	for _, number := range append(deniedCalls, arch.denied...) {
		filter = append(filter, answer(number, denied)...)
	}
	for _, number := range ownCalls {
		filter = append(filter, onlyWith(number, 0, 0, denied)...)
	}
	// With this error pthread_getattr_np of glibc, which asks by number, goes on.
	filter = append(filter, onlyWith(unix.SYS_SCHED_GETAFFINITY, 0, 0, missing)...)
	filter = append(filter, onlyWith(unix.SYS_MOVE_PAGES, 0, 0, denied)...)
	// A second filter could answer memory's calls before we do.
	filter = append(filter, notWith(unix.SYS_PRCTL, 0, unix.PR_SET_SECCOMP, unix.PR_SCHED_CORE)...)
	// The server makes its socket private.
	filter = append(filter, onlyWith(unix.SYS_FCHMODAT, 2, 0o700, denied)...)
	if arch.chmod != 0 {
		filter = append(filter, onlyWith(arch.chmod, 1, 0o700, denied)...)
	}
	for _, number := range sharedMemoryCalls {
		filter = append(filter, answer(number, memory)...)
	}
	// User namespaces give rights over much of the kernel. The flags of clone3
	// are out of reach here; libraries then take clone.
	filter = append(filter, answer(unix.SYS_CLONE3, missing)...)
	filter = append(filter, without(unix.SYS_CLONE, 0, namespaceFlags)...)
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

// onlyWith allows a call with one value of an argument, of which it sees the lower
// 32 bits: all that the kernel looks at in numbers of processes and in modes.
func onlyWith(number uint32, argument int, value, otherwise uint32) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: equal, Jf: 4, K: number},
		{Code: load, K: offset(argument)},
		{Code: equal, Jt: 1, K: value},
		{Code: give, K: otherwise},
		{Code: give, K: allowed},
	}
}

// notWith denies a call with either of two values of an argument.
func notWith(number uint32, argument int, one, other uint32) []unix.SockFilter {
	return []unix.SockFilter{
		{Code: equal, Jf: 5, K: number},
		{Code: load, K: offset(argument)},
		{Code: equal, Jt: 1, K: one},
		{Code: equal, Jf: 1, K: other},
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
