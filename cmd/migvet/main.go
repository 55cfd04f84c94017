// Command migvet vets PostgreSQL migrations; see the README.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
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
	env := cli.FromOS()
	env.Prepare = limitMemory(os.Getenv)
	if version != "" {
		env.Version = version
	}
	os.Exit(cli.Main(ctx, env, os.Args[1:]))
}

// childStatus is the exit status of a process that was to become the server.
func childStatus(err error) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "migvet:", err)
	return 125
}
