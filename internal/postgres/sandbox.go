package postgres

import "fmt"

// A sandbox is what keeps the server, superuser or not, from the machine.
type sandbox struct {
	abi    int    // Landlock ABI that is enforced, 0 for none
	reason string // why there is none
}

// Sandboxed reports whether the kernel keeps the server from all files and
// programs but its own. Only then may SQL of strangers run as [Superuser].
func (s *Server) Sandboxed() bool { return s.sandbox.abi > 0 }

// SandboxNote says in one line what protects the machine from the SQL, and
// what does not.
func (s *Server) SandboxNote() string {
	if s.External() {
		return "none: the server is yours"
	}
	return s.sandbox.String()
}

func (s sandbox) String() string {
	if s.abi == 0 {
		return "none: " + s.reason
	}
	covered, open := "files and programs", "TCP, UDP and Unix sockets"
	switch {
	case s.abi >= 10:
		covered, open = "files, programs, TCP, UDP and Unix sockets", ""
	case s.abi >= 9:
		covered, open = "files, programs, TCP and Unix sockets", "UDP"
	case s.abi >= 4:
		covered, open = "files, programs and TCP", "UDP and Unix sockets"
	}
	note := fmt.Sprintf("Landlock ABI %d: %s", s.abi, covered)
	if open != "" {
		note += "; not " + open
	}
	return note
}
