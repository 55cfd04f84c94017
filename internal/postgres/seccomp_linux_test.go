package postgres_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/migvet/migvet/internal/postgres"
)

// filteredArg makes the test binary a program that takes the calls from itself
// that a server must not make, and then tries them on a file.
const filteredArg = "filtered"

func beFiltered(args []string) error {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if filtered, err := postgres.DenyCalls(args[0] == "talk"); !filtered || err != nil {
		return fmt.Errorf("no filter: %v, %w", filtered, err)
	}
	for name, call := range filteredCalls(args[1]) {
		fmt.Printf("%s: %v\n", name, call())
	}
	return nil
}

func filteredCalls(file string) map[string]func() error {
	return map[string]func() error{
		"chmod 700":    func() error { return unix.Fchmodat(unix.AT_FDCWD, file, 0o700, 0) },
		"chmod 777":    func() error { return unix.Fchmodat(unix.AT_FDCWD, file, 0o777, 0) },
		"chown":        func() error { return unix.Fchownat(unix.AT_FDCWD, file, os.Getuid(), os.Getgid(), 0) },
		"utimes":       func() error { return unix.UtimesNanoAt(unix.AT_FDCWD, file, make([]unix.Timespec, 2), 0) },
		"setxattr":     func() error { return unix.Setxattr(file, "user.x", []byte("x"), 0) },
		"unshare":      func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"clone":        func() error { return rawClone(unix.SYS_CLONE, unix.CLONE_NEWUSER|uintptr(unix.SIGCHLD)) },
		"clone3":       func() error { return rawClone(unix.SYS_CLONE3, 0) },
		"unix stream":  func() error { return openSocket(unix.AF_UNIX, unix.SOCK_STREAM) },
		"unix dgram":   func() error { return openSocket(unix.AF_UNIX, unix.SOCK_DGRAM) },
		"tcp":          func() error { return openSocket(unix.AF_INET, unix.SOCK_STREAM) },
		"udp":          func() error { return openSocket(unix.AF_INET, unix.SOCK_DGRAM) },
		"netlink":      func() error { return openSocket(unix.AF_NETLINK, unix.SOCK_RAW) },
		"connect":      func() error { return unix.Connect(-1, &unix.SockaddrUnix{Name: "/nowhere"}) },
		"ptrace":       func() error { return unix.PtraceAttach(1) },
		"read process": func() error { _, err := unix.ProcessVMReadv(1, nil, nil, 0); return err },
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
	denied, missing, none := unix.EACCES.Error(), unix.ENOSYS.Error(), "<nil>"
	want := map[string]string{
		"chmod 700": none, "chmod 777": denied, "chown": denied, "utimes": denied, "setxattr": denied,
		"unshare": denied, "clone": denied, "clone3": missing, "ptrace": denied, "read process": denied,
		"unix stream": none, "unix dgram": denied, "tcp": denied, "udp": denied, "netlink": denied, "connect": denied,
	}
	checkFiltered(t, "quiet", want)
	// PostgreSQL 14 sends UDP to itself.
	for _, name := range []string{"unix dgram", "tcp", "udp", "netlink"} {
		want[name] = none
	}
	want["connect"] = unix.EBADF.Error()
	checkFiltered(t, "talk", want)
}

func checkFiltered(t *testing.T, mode string, want map[string]string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(self, filteredArg, mode, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := lines(string(out))
	if len(got) != len(want) {
		t.Errorf("%s: %d calls, want %d", mode, len(got), len(want))
	}
	for name, result := range want {
		if got[name] != result {
			t.Errorf("%s: %s gives %q, want %q", mode, name, got[name], result)
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
