package trial

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
)

// Roles belong to the whole cluster: one made in one database would be in the
// way of the same migration in the next.

func (t *trial) readRoles(ctx context.Context) (map[string]bool, error) {
	conn, err := t.superuser(ctx, "")
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, "SELECT rolname FROM pg_roles")
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read roles: %w", err)
	}
	roles := map[string]bool{}
	for _, n := range names {
		roles[n] = true
	}
	return roles, nil
}

// dropRoles removes every role that is not among keep. The databases in which
// they own something are gone by then.
func (t *trial) dropRoles(ctx context.Context, keep map[string]bool) error {
	now, err := t.readRoles(ctx)
	if err != nil {
		return err
	}
	conn, err := t.superuser(ctx, "")
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for name := range now {
		if keep[name] {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP ROLE "+pgx.Identifier{name}.Sanitize()); err != nil {
			return fmt.Errorf("drop role %s made by the migrations: %w", name, err)
		}
	}
	return nil
}

func (t *trial) superuser(ctx context.Context, database string) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, t.Server.Config(postgres.Superuser, database))
	if err != nil {
		return nil, fmt.Errorf("connect as superuser: %w", err)
	}
	return conn, nil
}
