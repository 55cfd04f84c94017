package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// A process is a running program of PostgreSQL.
type process struct {
	handle *os.Process
	output *tail
	done   chan struct{} // closed when it has ended
	err    error         // how it ended; read after done

	quit, force func() error // ask it to end, and make it; nil for signals
}

// startProcess starts cmd from an operating system thread that lives until
// the process has ended: Linux sends the death signal when the thread that
// made the process ends, not when the whole parent does.
func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{output: &tail{}, done: make(chan struct{})}
	if cmd.Stderr == nil {
		cmd.Stdout, cmd.Stderr = p.output, p.output
	}
	// Backends inherit the pipe. One that outlives the server must not make
	// us wait.
	cmd.WaitDelay = time.Second
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	p.handle = cmd.Process
	return p, nil
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// wait waits at most d.
func (p *process) wait(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-p.done:
		return true
	case <-timer.C:
		return false
	}
}

// failure is why the process ended although it should not have.
func (p *process) failure(name string) error {
	how := "ended"
	if p.err != nil {
		how = p.err.Error()
	}
	if out := p.output.String(); out != "" {
		return fmt.Errorf("%s: %s:\n%s", name, how, out)
	}
	return fmt.Errorf("%s: %s", name, how)
}

const (
	// The server itself kills backends that ignore it after 5 seconds.
	quitPatience = 7 * time.Second
	// The guard of a server kills it then, and what it leaves.
	guardPatience = quitPatience + 5*time.Second
)

// stop ends the server. Its backends have sessions of their own, and only the
// server can end them: it is asked first, and killed only when it is stuck.
func (p *process) stop() error {
	if p.ended() {
		return nil
	}
	ask := p.quit
	if ask == nil {
		ask = func() error { return p.signal(quitSignal) }
	}
	if err := ask(); err != nil {
		return err
	}
	if p.wait(guardPatience) {
		return nil
	}
	err := p.kill()
	if p.force == nil && err == nil {
		err = fmt.Errorf("process %d did not end the server and was killed; what the server started may go on", p.handle.Pid)
	}
	return err
}

// kill ends the process and its children without asking.
func (p *process) kill() error {
	if p.force != nil {
		_ = p.force() // what is left of it is killed
	} else {
		killChildren(p.handle.Pid)
	}
	if err := p.signal(killSignal); err != nil {
		return err
	}
	if !p.wait(quitPatience) {
		return fmt.Errorf("process %d does not end", p.handle.Pid)
	}
	return nil
}

func (p *process) signal(s os.Signal) error {
	if err := p.handle.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal %v to process %d: %w", s, p.handle.Pid, err)
	}
	return nil
}
