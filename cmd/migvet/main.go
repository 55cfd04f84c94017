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

func main() {
	if handled, err := postgres.Child(os.Args[1:]); handled {
		fmt.Fprintln(os.Stderr, "migvet:", err)
		os.Exit(125)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Main(ctx, cli.FromOS(), os.Args[1:]))
}
