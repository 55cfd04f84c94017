//go:build !linux

package postgrestest

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// lacking changes nothing: this kernel has none of the features.
func lacking(testing.TB, *exec.Cmd, feature) {}

func becomeLacking(_ feature, command []string) error {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, command, os.Environ())
}
