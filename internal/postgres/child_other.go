//go:build unix && !linux

package postgres

import (
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"syscall"
)

func selfPath() (string, error) { return os.Executable() }

func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

func clientAttributes() *syscall.SysProcAttr { return childAttributes() }

// become starts the program and stays to watch over it.
func become(spec childSpec) error {
	syscall.CloseOnExec(statusFile)
	status := os.NewFile(statusFile, "status")
	err := json.NewEncoder(status).Encode(childStatus{Note: "Landlock is not on " + runtime.GOOS})
	if err := errors.Join(err, status.Close()); err != nil {
		return err
	}
	return supervise(spec)
}

// killChildren cannot find the children here; those that do not notice that
// the server has gone stay.
func killChildren(int) {}
