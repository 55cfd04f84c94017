package postgrestest

import (
	"os/exec"
	"testing"
)

// lackingArg makes the test binary a program that takes a feature of the kernel
// from itself, and becomes another one: __lacking FEATURE PROGRAM ARGUMENTS.
const lackingArg = "__lacking"

// A feature is what a kernel may have or lack. A program that lacks it gets the
// errors that it gets from a kernel without.
type feature string

const (
	landlock feature = "landlock"
	// notification is that a filter asks. In a container whose own filter asks, no
	// second one may.
	notification feature = "notification"
)

// WithoutLandlock has a command that was not started, and all that it starts, run
// as on a kernel without Landlock. The test binary executes itself for that, so its
// TestMain must call [Main] or [Child].
func WithoutLandlock(t testing.TB, cmd *exec.Cmd) { lacking(t, cmd, landlock) }

// BecomeWithoutLandlock turns this process into a program with arguments, as on a
// kernel without Landlock. It returns only when that fails. It is what a command of
// testscript.Main can be, whose scripts then say "exec nolandlock migvet check".
func BecomeWithoutLandlock(command []string) error { return becomeLacking(landlock, command) }

// BecomeWithoutNotification is where a filter of system calls cannot ask: see
// [BecomeWithoutLandlock].
func BecomeWithoutNotification(command []string) error { return becomeLacking(notification, command) }
