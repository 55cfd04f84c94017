package postgres

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// A systemCall is what a filter sees.
type systemCall struct {
	number, arch uint32
	argument     uint32 // the lower half of the first
}

// TestFilterAnswers is about calls that this kernel does not know, and answers that
// the caller does not live to see.
func TestFilterAnswers(t *testing.T) {
	arch := architectures[runtime.GOARCH]
	filter := callFilter(arch, false, notified)
	for name, c := range map[string]struct {
		call systemCall
		want uint32
	}{
		"one of ours":              {systemCall{unix.SYS_READ, arch.audit, 0}, allowed},
		"newest":                   {systemCall{newestCall, arch.audit, 0}, allowed},
		"newer":                    {systemCall{newestCall + 1, arch.audit, 0}, missing},
		"x32":                      {systemCall{1<<30 | unix.SYS_READ, arch.audit, 0}, missing},
		"-1":                       {systemCall{1<<32 - 1, arch.audit, 0}, missing},
		"32 bits":                  {systemCall{unix.SYS_READ, unix.AUDIT_ARCH_I386, 0}, unix.SECCOMP_RET_KILL_PROCESS},
		"another processor":        {systemCall{unix.SYS_READ, unix.AUDIT_ARCH_ARM, 0}, unix.SECCOMP_RET_KILL_PROCESS},
		"vhangup":                  {systemCall{unix.SYS_VHANGUP, arch.audit, 0}, denied},
		"shared memory":            {systemCall{unix.SYS_SHMAT, arch.audit, 0}, notified},
		"clock":                    {systemCall{unix.SYS_CLOCK_GETTIME, arch.audit, unix.CLOCK_MONOTONIC}, allowed},
		"clock of another":         {systemCall{unix.SYS_CLOCK_GETTIME, arch.audit, ^uint32(1<<3) | 2}, denied},
		"own limits":               {systemCall{unix.SYS_PRLIMIT64, arch.audit, 0}, allowed},
		"limits of another":        {systemCall{unix.SYS_PRLIMIT64, arch.audit, 1}, denied},
		"a process":                {systemCall{unix.SYS_CLONE, arch.audit, uint32(unix.SIGCHLD)}, allowed},
		"a process in a namespace": {systemCall{unix.SYS_CLONE, arch.audit, uint32(unix.SIGCHLD) | unix.CLONE_NEWIPC}, denied},
		"another filter":           {systemCall{unix.SYS_PRCTL, arch.audit, unix.PR_SET_SECCOMP}, denied},
	} {
		if got := runFilter(t, filter, c.call); got != c.want {
			t.Errorf("%s: %#x, want %#x", name, got, c.want)
		}
	}
}

// runFilter does what the kernel does with a filter.
func runFilter(t *testing.T, filter []unix.SockFilter, call systemCall) uint32 {
	t.Helper()
	data := map[uint32]uint32{offsetNumber: call.number, offsetArch: call.arch, offsetArgument: call.argument}
	var accumulator uint32
	for at := 0; at < len(filter); at++ {
		f := filter[at]
		jumps := false
		switch f.Code {
		case load:
			accumulator = data[f.K]
			continue
		case mask:
			accumulator &= f.K
			continue
		case give:
			return f.K
		case equal:
			jumps = accumulator == f.K
		case more:
			jumps = accumulator > f.K
		case set:
			jumps = accumulator&f.K != 0
		default:
			t.Fatalf("instruction %d: code %#x", at, f.Code)
		}
		if jumps {
			at += int(f.Jt)
		} else {
			at += int(f.Jf)
		}
	}
	t.Fatal("the filter has no end")
	return 0
}
