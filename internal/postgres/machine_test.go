package postgres

import "testing"

// What the kernel lacks decides whether SQL of strangers is tried.
func TestMachineSandboxed(t *testing.T) {
	for name, c := range map[string]struct {
		machine   Machine
		sandboxed bool
		note      string
	}{
		"macOS":                 {Machine{LandlockNote: "Landlock is not on darwin"}, false, "none: Landlock is not on darwin"},
		"Linux 6.12":            {Machine{Landlock: 6, Seccomp: true, SeccompNotify: true, NoNewPrivs: true}, true, "Landlock ABI 6 and seccomp"},
		"Landlock switched off": {Machine{LandlockNote: "not now", Seccomp: true, SeccompNotify: true, NoNewPrivs: true}, false, "none: not now"},
		"Linux 6.1": {Machine{Landlock: 2, Seccomp: true, SeccompNotify: true, NoNewPrivs: true}, false,
			"Landlock ABI 2 and seccomp, open: truncating files, signals"},
		"filters that cannot ask": {Machine{Landlock: 7, Seccomp: true, NoNewPrivs: true}, false,
			"Landlock ABI 7 and seccomp, open: System V shared memory"},
		"an unknown processor": {Machine{Landlock: 7, NoNewPrivs: true}, false,
			"Landlock ABI 7, open: attributes of files, limits and priorities of processes, System V IPC, Unix sockets, UDP"},
	} {
		if got := c.machine.Sandboxed(); got != c.sandboxed {
			t.Errorf("%s: sandboxed %v", name, got)
		}
		if got := c.machine.SandboxNote(); got != c.note {
			t.Errorf("%s: %q, want %q", name, got, c.note)
		}
	}
}
