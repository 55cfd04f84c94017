package postgres_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/migvet/migvet/internal/postgres"
)

// filteredArg makes the test binary a program that takes the calls from itself
// that a server must not make, and then tries them on a file and on itself.
const filteredArg = "filtered"

// beFiltered is a "server", or a "backend" of one, that may "talk" or not.
func beFiltered(args []string) error {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	server := unix.Gettid()
	if args[1] == "backend" {
		server = 1
	}
	if filter, memory, err := postgres.DenyCalls(args[0] == "talk", server); !filter || !memory || err != nil {
		return fmt.Errorf("no filter: %v, %v, %w", filter, memory, err)
	}
	for name, call := range filteredCalls(args[2]) {
		fmt.Printf("%s: %v\n", name, call())
	}
	for name, number := range deniedCalls {
		fmt.Printf("%s: %v\n", name, raw(number, -1))
	}
	return nil
}

// raw makes a call with six arguments, of which all but the first are -1.
func raw(number uintptr, first int) error {
	const none = ^uintptr(0)
	if _, _, errno := unix.Syscall6(number, uintptr(first), none, none, none, none, none); errno != 0 {
		return errno
	}
	return nil
}

func filteredCalls(file string) map[string]func() error {
	self := os.Getpid()
	return map[string]func() error{
		"chmod 700":          func() error { return unix.Fchmodat(unix.AT_FDCWD, file, 0o700, 0) },
		"chmod 777":          func() error { return unix.Fchmodat(unix.AT_FDCWD, file, 0o777, 0) },
		"clone":              func() error { return rawClone(unix.SYS_CLONE, unix.CLONE_NEWUSER|uintptr(unix.SIGCHLD)) },
		"clone into IPC":     func() error { return rawClone(unix.SYS_CLONE, unix.CLONE_NEWIPC|uintptr(unix.SIGCHLD)) },
		"clone3":             func() error { return rawClone(unix.SYS_CLONE3, 0) },
		"unix stream":        func() error { return openSocket(unix.AF_UNIX, unix.SOCK_STREAM) },
		"unix dgram":         func() error { return openSocket(unix.AF_UNIX, unix.SOCK_DGRAM) },
		"tcp":                func() error { return openSocket(unix.AF_INET, unix.SOCK_STREAM) },
		"udp":                func() error { return openSocket(unix.AF_INET, unix.SOCK_DGRAM) },
		"netlink":            func() error { return openSocket(unix.AF_NETLINK, unix.SOCK_RAW) },
		"connect":            func() error { return unix.Connect(-1, &unix.SockaddrUnix{Name: "/nowhere"}) },
		"limit":              func() error { return unix.Prlimit(0, unix.RLIMIT_CORE, nil, &unix.Rlimit{}) },
		"limit of another":   func() error { return unix.Prlimit(self, unix.RLIMIT_CORE, nil, &unix.Rlimit{}) },
		"CPUs":               func() error { return unix.SchedGetaffinity(0, &unix.CPUSet{}) },
		"CPUs of another":    func() error { return unix.SchedGetaffinity(self, &unix.CPUSet{}) },
		"session":            func() error { _, err := unix.Getsid(0); return err },
		"session of another": func() error { _, err := unix.Getsid(self); return err },
		"group":              func() error { _, err := unix.Getpgid(0); return err },
		"group of another":   func() error { _, err := unix.Getpgid(self); return err },
		"pages of another":   func() error { return raw(unix.SYS_MOVE_PAGES, self) },
		"clock":              func() error { return unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &unix.Timespec{}) },
		"clock of another":   func() error { return unix.ClockGettime(int32(^self<<3|2), &unix.Timespec{}) },
		"name": func() error {
			return unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&[]byte("x\x00")[0])), 0, 0, 0)
		},
		"another filter":  func() error { return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0, 0, 0) },
		"core of another": func() error { return unix.Prctl(unix.PR_SCHED_CORE, unix.PR_SCHED_CORE_GET, uintptr(self), 0, 0) },
		"shmget":          func() error { return raw(unix.SYS_SHMGET, -1) },
		"shmat":           func() error { return raw(unix.SYS_SHMAT, -1) },
		"shmctl":          func() error { return raw(unix.SYS_SHMCTL, -1) },
	}
}

// rawClone makes no process: with these arguments the kernel refuses, if the
// filter does not refuse before.
func rawClone(call, flags uintptr) error {
	if call == unix.SYS_CLONE {
		flags |= unix.CLONE_THREAD // not without CLONE_SIGHAND
	}
	if _, _, errno := unix.RawSyscall(call, flags, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

func openSocket(domain, kind int) error {
	fd, err := unix.Socket(domain, kind|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func TestDeniedCalls(t *testing.T) {
	denied, missing, invalid, none := unix.EACCES.Error(), unix.ENOSYS.Error(), unix.EINVAL.Error(), "<nil>"
	want := map[string]string{
		"chmod 700": none, "chmod 777": denied, "clone": denied, "clone into IPC": denied, "clone3": missing,
		"unix stream": none, "unix dgram": denied, "tcp": denied, "udp": denied, "netlink": denied, "connect": denied,
		"limit": none, "limit of another": denied, "CPUs": none, "CPUs of another": missing,
		"session": none, "session of another": denied, "group": none, "group of another": denied, "pages of another": denied,
		"clock": none, "clock of another": denied, "name": none, "another filter": denied, "core of another": denied,
		"shmget": denied, "shmat": denied, "shmctl": denied,
	}
	for name := range deniedCalls {
		want[name] = denied
	}
	checkFiltered(t, "quiet", "backend", want)
	// The server itself may have shared memory, but there is none with these arguments.
	for _, name := range []string{"shmget", "shmat", "shmctl"} {
		want[name] = invalid
	}
	checkFiltered(t, "quiet", "server", want)
	// PostgreSQL 14 sends UDP to itself.
	for _, name := range []string{"unix dgram", "tcp", "udp", "netlink"} {
		want[name] = none
	}
	want["connect"] = unix.EBADF.Error()
	checkFiltered(t, "talk", "server", want)
}

func checkFiltered(t *testing.T, mode, process string, want map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(self, filteredArg, mode, process, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := lines(string(out))
	if len(got) != len(want) {
		t.Errorf("%s: %d calls, want %d", mode, len(got), len(want))
	}
	for name, result := range want {
		if got[name] != result {
			t.Errorf("%s, %s: %s gives %q, want %q", process, mode, name, got[name], result)
		}
	}
}

// lines reads "name: value" by line.
func lines(text string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		values[name] = value
	}
	return values
}
