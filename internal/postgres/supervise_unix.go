//go:build unix

package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// supervisePoll bounds how long a server outlives the process that started it.
const supervisePoll = 50 * time.Millisecond

// supervise runs a program of PostgreSQL on systems without a death signal:
// it passes signals on, and ends the program when the parent is gone.
func supervise(spec childSpec) error {
	cmd := exec.Command(spec.Path, spec.Args...)
	cmd.Env = spec.Env
	cmd.Dir = "/"
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if id := spec.Account; id != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id.UID), Gid: uint32(id.GID)}}
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	p, err := startProcess(cmd)
	if err != nil {
		return err
	}
	watch := time.NewTicker(supervisePoll)
	defer watch.Stop()
	for {
		select {
		case <-p.done:
			return p.err
		case s := <-signals:
			err = p.signal(s)
		case <-watch.C:
			if os.Getppid() != spec.Parent {
				return p.stop()
			}
		}
		if err != nil {
			return fmt.Errorf("supervise %s: %w", spec.Path, err)
		}
	}
}
