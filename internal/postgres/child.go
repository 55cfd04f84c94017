package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// childArg marks a re-execution of our own program that is to become a program
// of PostgreSQL.
const childArg = "__postgres"

// A childSpec tells the re-executed program what to become.
type childSpec struct {
	Parent  int       // pid; when it is gone already, do not start
	Account *identity `json:",omitempty"`
	Path    string
	Args    []string // without the program's name
	Env     []string
	Confine *confinement `json:",omitempty"`
	// Kill kills it when the parent dies, instead of asking it to quit. A
	// server must be asked: nobody else could end its backends. Initdb goes on
	// for long when asked, and what it has started ends with it.
	Kill bool
	// Guarded says that the parent is the guard of a server, on Linux.
	Guarded bool

	as account // whose process it becomes; for the parent alone
}

// An identity is the account to change to.
type identity struct{ UID, GID int }

// A confinement lists all that a confined server may touch.
type confinement struct {
	ReadDirs  []string // with everything below
	ReadFiles []string
	WriteDirs []string // with everything below, read and write
	Execute   []string // files
	// MaxFile is the largest file it may write, MaxMemory the address space
	// of one process, in bytes.
	MaxFile, MaxMemory uint64
	// Talk allows UDP and connecting to sockets, as far as Landlock does not
	// forbid it.
	Talk bool
}

// A childStatus is what the re-executed program reports back before it
// becomes PostgreSQL.
type childStatus struct {
	ABI    int    // Landlock ABI that is enforced, 0 for none
	Filter bool   // seccomp keeps it from calls that Landlock does not guard
	Talk   bool   // as in confinement
	Memory bool   // System V shared memory of others is out of reach
	Note   string // why there is no Landlock
	Error  string // it could not become PostgreSQL
}

// Child must be the first thing main does, with os.Args[1:]. [Installation.Start]
// re-executes the program, and Child turns that second process into a confined
// PostgreSQL server. It returns false in all other processes. When it returns
// true there is nothing left to do but to exit, with an error if there is one.
func Child(args []string) (handled bool, err error) {
	if !isChild(args) {
		return false, nil
	}
	var spec childSpec
	if len(args) != 2 {
		return true, fmt.Errorf("%s is for internal use", childArg)
	}
	if err := json.Unmarshal([]byte(args[1]), &spec); err != nil {
		return true, fmt.Errorf("%s is for internal use: %w", childArg, err)
	}
	return true, become(spec)
}

func isChild(args []string) bool { return len(args) > 0 && args[0] == childArg }

// launchChild starts the program that spec describes in a session of its own, where
// the signals of our terminal do not reach it, and returns once it runs.
func launchChild(spec childSpec, stdin io.Reader) (*process, childStatus, error) {
	var status childStatus
	if isChild(os.Args[1:]) {
		return nil, status, errors.New("this program re-executes itself to start PostgreSQL, but its main does not call postgres.Child first")
	}
	cmd, err := childCommand(spec)
	if err != nil {
		return nil, status, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, status, err
	}
	defer reader.Close()
	cmd.Stdin = stdin
	cmd.ExtraFiles = []*os.File{writer}
	p, err := startProcess(cmd)
	writer.Close()
	if err != nil {
		return nil, status, err
	}
	status, err = readStatus(reader)
	if err != nil {
		_ = p.stop() // err says more
		return nil, status, fmt.Errorf("starting PostgreSQL: %w", err)
	}
	return p, status, nil
}

// statusFile is the first of exec.Cmd.ExtraFiles in the new process.
const statusFile = 3

// readStatus reads until the pipe is closed, which becoming PostgreSQL does.
func readStatus(r io.Reader) (childStatus, error) {
	var status childStatus
	reported := false
	for d := json.NewDecoder(r); ; {
		err := d.Decode(&status)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return status, err
		}
		reported = true
	}
	if !reported {
		return status, errors.New("the program did not re-execute itself; its main must call postgres.Child first")
	}
	if status.Error != "" {
		return status, errors.New(status.Error)
	}
	return status, nil
}

// childCommand re-executes this program.
func childCommand(spec childSpec) (*exec.Cmd, error) {
	self, err := selfPath()
	if err != nil {
		return nil, err
	}
	spec.Parent = os.Getpid()
	encoded, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, childArg, string(encoded))
	cmd.Env = []string{} // nothing of ours, tokens least of all
	cmd.Dir = "/"
	cmd.SysProcAttr = spec.as.attributes(childAttributes())
	return cmd, nil
}
