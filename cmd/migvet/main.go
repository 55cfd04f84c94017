// Command migvet vets PostgreSQL migrations; see the README.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres"
)

// version is set by the linker in releases.
var version string

func main() {
	if handled, err := postgres.Child(os.Args[1:]); handled {
		os.Exit(childStatus(err))
	}
	if err := hide(); err != nil {
		fmt.Fprintln(os.Stderr, "migvet: hide the environment:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	limitMemory(os.Getenv("GOMEMLIMIT"))
	env := cli.FromOS()
	if version != "" {
		env.Version = version
	}
	os.Exit(cli.Main(ctx, env, os.Args[1:]))
}

// memoryLimit is what the Go runtime tries to keep below, in bytes: it collects
// garbage the more often the nearer it comes. What is read of migrations and
// parsed of a file is bounded so that it fits.
const memoryLimit = 2 << 30

// limitMemory sets the limit unless the environment has one, which the runtime
// has taken.
func limitMemory(environment string) {
	if environment == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

// childStatus is the exit status of a process that was to become the server.
func childStatus(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "migvet:", err)
	return 125
}
