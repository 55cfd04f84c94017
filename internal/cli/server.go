package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/postgres"
)

// startServer finds and starts the server of the trial.
func (p *project) startServer(ctx context.Context, t trialFlags) (*postgres.Server, error) {
	if t.DatabaseURL != "" {
		server, err := postgres.OpenURL(ctx, t.DatabaseURL)
		if err != nil {
			return nil, fmt.Errorf("--database-url: %w", err)
		}
		if !server.Superuser() {
			return nil, errors.New("--database-url: migvet must observe what migrations do, which takes a superuser; use one, on a server that holds nothing of value")
		}
		return server, nil
	}
	version := t.Postgres
	if version == 0 {
		version = p.config.Postgres
	}
	installation, err := postgres.Find(ctx, postgres.Options{
		BinDir: t.PostgresBin, Version: version, Getenv: p.env.Getenv, CacheDir: p.env.CacheDir, Fetch: true, Log: p.env.progress,
	})
	if err != nil {
		return nil, err
	}
	p.env.progress("starting PostgreSQL %s (%s)", installation.Version, installation.Source)
	server, err := installation.Start(ctx, postgres.StartOptions{RequireSandbox: t.Strangers})
	if err != nil && t.Strangers {
		return nil, fmt.Errorf("%w; SQL of strangers is tried in a sandbox only, set the input trial to false to just lint it", err)
	}
	return server, err
}
