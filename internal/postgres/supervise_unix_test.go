//go:build unix

package postgres

import (
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestSuperviseEndsWithTheProgram(t *testing.T) {
	err := supervise(childSpec{Parent: os.Getppid(), Path: "/bin/sh", Args: []string{"-c", "exit 7"}})
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Errorf("error %v", err)
	}
	if err := supervise(childSpec{Parent: os.Getppid(), Path: "/bin/sh", Args: []string{"-c", "exit 0"}}); err != nil {
		t.Error(err)
	}
}

func TestSuperviseEndsWithTheParent(t *testing.T) {
	const nobody = 1 << 30 // no pid is that large
	begin := time.Now()
	_ = supervise(childSpec{Parent: nobody, Path: "/bin/sleep", Args: []string{"60"}})
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
