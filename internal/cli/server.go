package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/postgres"
)

// startServer finds and starts the server of the trial; stop ends it and
// removes what it left.
func (p *project) startServer(ctx context.Context, t trialFlags) (server *postgres.Server, stop func() error, err error) {
	if t.DatabaseURL != "" {
		server, err := openServer(ctx, t.DatabaseURL)
		if err != nil {
			return nil, nil, fmt.Errorf("--database-url: %w", err)
		}
		return p.ifWanted(server, t, "--database-url")
	}
	if t.Docker != "" {
		p.env.progress("starting %s", t.Docker)
		server, err := p.postgresOptions(t).StartContainer(ctx, t.Docker)
		if err != nil {
			return nil, nil, fmt.Errorf("--docker: %w", err)
		}
		return p.ifWanted(server, t, "--docker")
	}
	installation, err := p.findPostgres(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	p.env.progress("starting PostgreSQL %s (%s)", installation.Version, installation.Source)
	server, err = installation.Start(ctx, postgres.StartOptions{RequireSandbox: t.Sandboxed})
	if err != nil && t.Sandboxed {
		err = fmt.Errorf("%w; SQL of strangers is tried in a sandbox only, set the input trial to false to just lint it", err)
	}
	if err != nil {
		return nil, nil, errors.Join(err, installation.Close())
	}
	return server, func() error { return errors.Join(server.Stop(), installation.Close()) }, nil
}

// ifWanted stops a server that is given and of another version than is asked for:
// what was found on it would be told of the wrong one.
func (p *project) ifWanted(server *postgres.Server, t trialFlags, flag string) (*postgres.Server, func() error, error) {
	wanted, where := t.Postgres, "--postgres"
	if wanted == 0 {
		wanted, where = p.config.Postgres, "postgres: in "+config.Name
	}
	if wanted == 0 || wanted == server.Major() {
		return server, server.Stop, nil
	}
	err := fmt.Errorf("%s: the server is PostgreSQL %s, but %s asks for %d; change one of the two, or pass --postgres %d", flag, server.Version(), where, wanted, server.Major())
	return nil, nil, errors.Join(err, server.Stop())
}

func openServer(ctx context.Context, url string) (*postgres.Server, error) {
	server, err := postgres.OpenURL(ctx, url)
	if err != nil {
		return nil, err
	}
	if !server.Superuser() {
		return nil, errors.New("migvet must observe what migrations do, which takes a superuser; use one, on a server that holds nothing of value")
	}
	return server, nil
}

func (p *project) findPostgres(ctx context.Context, t trialFlags) (*postgres.Installation, error) {
	return postgres.Find(ctx, p.postgresOptions(t))
}

func (p *project) postgresOptions(t trialFlags) postgres.Options {
	version := t.Postgres
	if version == 0 {
		version = p.config.Postgres
	}
	return postgres.Options{
		BinDir: t.PostgresBin, Version: version, Getenv: p.env.Getenv, CacheDir: p.env.CacheDir, Outside: []string{p.root}, Fetch: true, Log: p.env.progress,
	}
}
