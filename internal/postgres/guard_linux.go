package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A guarded server is the child of its guard. What a superuser's machine code leaves
// with fork and setsid becomes a child of the guard too, as the next subreaper above
// it, and ends when the server does.
type guarded struct {
	pid   int
	ended chan unix.WaitStatus // of the server
	alone chan struct{}        // closed when the guard has no children any more
}

// runGuard starts a server and stays between it and migvet until the server, and all
// that came of it, has ended. It does not end itself before: when migvet is killed,
// the guard ends the server as well. The server cannot reach it. As its parent, it
// also answers for its shared memory.
func runGuard(spec childSpec, status *os.File) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	g, report, err := startGuarded(spec)
	if err != nil {
		report.Error = err.Error()
	}
	if err := errors.Join(err, json.NewEncoder(status).Encode(report), status.Close()); err != nil {
		return err // the server dies with this process
	}
	return g.watch(signals)
}

func startGuarded(spec childSpec) (*guarded, childStatus, error) {
	if err := dieWith(spec.Parent, unix.SIGQUIT); err != nil {
		return nil, childStatus{}, err
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return nil, childStatus{}, fmt.Errorf("subreaper: %w", err)
	}
	ours, theirs, err := statusSocket()
	if err != nil {
		return nil, childStatus{}, err
	}
	defer ours.Close()
	spec.Guarded = true
	cmd, err := childCommand(spec)
	if err != nil {
		return nil, childStatus{}, errors.Join(err, theirs.Close())
	}
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = errors.Join(cmd.Start(), theirs.Close())
	if err != nil {
		return nil, childStatus{}, err
	}
	g := reapChildren(cmd)
	status, err := g.readStatus(ours)
	return g, status, err
}

// statusSocket is a pair of connected sockets: the child sends its status through
// its end, and the file that tells of its calls.
func statusSocket() (ours *net.UnixConn, theirs *os.File, err error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("socketpair: %w", err)
	}
	near := os.NewFile(uintptr(pair[0]), "status")
	defer near.Close()
	theirs = os.NewFile(uintptr(pair[1]), "status")
	conn, err := net.FileConn(near)
	if err != nil {
		return nil, nil, errors.Join(err, theirs.Close())
	}
	return conn.(*net.UnixConn), theirs, nil
}

// readStatus returns once the child has become the server.
func (g *guarded) readStatus(conn *net.UnixConn) (childStatus, error) {
	reader := &rightsReader{conn: conn}
	status, err := readStatus(reader)
	if err != nil {
		return status, err
	}
	status.Memory = reader.file != nil
	if reader.file != nil {
		go func() { _ = answerMemory(reader.file, g.pid) }() // afterwards nobody gets an answer but ENOSYS
	}
	return status, nil
}

// A rightsReader reads from a socket, and keeps a file that was sent along.
type rightsReader struct {
	conn *net.UnixConn
	file *os.File
}

func (r *rightsReader) Read(p []byte) (int, error) {
	rights := make([]byte, unix.CmsgSpace(4))
	n, rightsLength, _, _, err := r.conn.ReadMsgUnix(p, rights)
	if err != nil || rightsLength == 0 {
		return n, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:rightsLength])
	if err != nil {
		return n, err
	}
	for _, m := range messages {
		files, err := unix.ParseUnixRights(&m)
		if err != nil {
			return n, err
		}
		r.file = os.NewFile(uintptr(files[0]), "seccomp")
	}
	return n, nil
}

// reapChildren waits for the server and for orphans, which exec.Cmd.Wait would not do.
func reapChildren(cmd *exec.Cmd) *guarded {
	g := &guarded{pid: cmd.Process.Pid, ended: make(chan unix.WaitStatus, 1), alone: make(chan struct{})}
	go func() {
		defer close(g.alone)
		for {
			var status unix.WaitStatus
			pid, err := unix.Wait4(-1, &status, 0, nil)
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if err != nil { // ECHILD: there are none
				return
			}
			if pid == g.pid {
				g.ended <- status
			}
		}
	}()
	return g
}

// watch returns when nothing of the server is left.
func (g *guarded) watch(signals <-chan os.Signal) error {
	var patience <-chan time.Time
	for {
		select {
		case status := <-g.ended:
			g.killRest()
			return endOf(status)
		case <-signals:
			_ = unix.Kill(g.pid, unix.SIGQUIT) // it may have ended
			if patience == nil {
				patience = time.After(quitPatience)
			}
		case <-patience:
			_ = unix.Kill(g.pid, unix.SIGKILL) // what it has started becomes ours
		}
	}
}

const killPoll = time.Millisecond

// killRest kills what the server has left, and what that leaves in turn.
func (g *guarded) killRest() {
	for {
		select {
		case <-g.alone:
			return
		case <-time.After(killPoll):
			killChildren(os.Getpid())
		}
	}
}

// endOf tells how the server ended, in the words of os.ProcessState.
func endOf(status unix.WaitStatus) error {
	if status.Signaled() {
		return fmt.Errorf("the server was ended by a signal: %v", status.Signal())
	}
	if status.ExitStatus() != 0 {
		return fmt.Errorf("the server ended with exit status %d", status.ExitStatus())
	}
	return nil
}
