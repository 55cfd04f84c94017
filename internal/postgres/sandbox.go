package postgres

import (
	"fmt"
	"strings"
)

// A sandbox is what keeps the server, superuser or not, from the machine.
type sandbox childStatus

// Sandboxed reports whether the kernel keeps the server from all files, programs
// and processes but its own, and from the sockets and the memory of other programs.
// Only then may SQL of strangers run, or any as [Superuser].
func (s *Server) Sandboxed() bool { return s.image != "" || s.sandbox.closed() }

// SandboxNote says in one line what protects the machine from the SQL, and
// what does not.
func (s *Server) SandboxNote() string {
	if s.External() {
		return "none: the server is yours"
	}
	if s.image != "" {
		return "Docker, image " + s.image + ", without network"
	}
	return s.sandbox.String()
}

// closed means that nothing is open.
func (s sandbox) closed() bool { return s.ABI > 0 && len(s.open()) == 0 }

func (s sandbox) String() string {
	if s.ABI == 0 {
		return "none: " + s.Note
	}
	note := fmt.Sprintf("Landlock ABI %d", s.ABI)
	if s.Filter {
		note += " and seccomp"
	}
	if open := s.open(); len(open) > 0 {
		note += ", open: " + strings.Join(open, ", ")
	}
	return note
}

// open is what the kernel is too old to guard, or may not guard.
// https://docs.kernel.org/userspace-api/landlock.html#previous-limitations
func (s sandbox) open() []string {
	var open []string
	if s.ABI < 3 {
		open = append(open, "truncating files")
	}
	if s.ABI < 6 {
		open = append(open, "signals")
	}
	if !s.Filter {
		open = append(open, "attributes of files", "limits and priorities of processes", "System V IPC")
	} else if !s.Memory {
		open = append(open, "System V shared memory")
	}
	if s.Filter && !s.Talk {
		return open
	}
	if s.ABI < 4 {
		open = append(open, "TCP")
	}
	if s.ABI < 9 {
		open = append(open, "Unix sockets")
	}
	return append(open, "UDP")
}
