package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
)

// Roles belong to the whole cluster: one made in one database would be in the
// way of the same migration in the next.

func (t *trial) readRoles(ctx context.Context) (map[string]bool, error) {
	roles := map[string]bool{}
	return roles, t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "SELECT rolname FROM pg_roles")
		if err != nil {
			return fmt.Errorf("read roles: %w", err)
		}
		var name string
		_, err = pgx.ForEachRow(rows, []any{&name}, func() error {
			roles[name] = true
			return nil
		})
		return err
	})
}

// resetRoles takes back what migrations have set for roles in all databases: it
// would hold for sessions of other parts. Roles of a user's server stay as the
// migrations leave them.
func (t *trial) resetRoles(ctx context.Context) error {
	if t.Server.External() {
		return nil
	}
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		return execute(ctx, conn, t.Server.ResetRoles())
	})
}

// dropRoles removes every role that is not among keep. The databases in which
// they own something are gone by then. On a server of the user, others make
// roles as well: there only those go that the migrations name.
func (t *trial) dropRoles(ctx context.Context, keep map[string]bool) error {
	now, err := t.readRoles(ctx)
	if err != nil {
		return err
	}
	maps.DeleteFunc(now, func(name string, _ bool) bool { return keep[name] || t.Server.External() && !t.names(name) })
	if len(now) == 0 {
		return nil
	}
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		for name := range now {
			role := pgx.Identifier{name}.Sanitize()
			// DROP OWNED takes back what was granted on databases that stay.
			if err := execute(ctx, conn, "DROP OWNED BY "+role+"; DROP ROLE "+role); err != nil {
				return fmt.Errorf("drop role %s made by the migrations: %w", name, err)
			}
		}
		return nil
	})
}

// names tells whether anything that runs here names a role.
func (t *trial) names(role string) bool {
	texts := append(slices.Clone(t.Environment.Roles), t.Environment.Before)
	for _, p := range t.Environment.Presets {
		sql, _ := p.SQL() // what cannot be made has made nothing
		texts = append(texts, sql)
	}
	for _, m := range slices.Concat(t.Source.Base, t.Source.Head) {
		texts = append(texts, m.Source)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(role)) })
}

// setSuperuser changes what the role that runs migrations may do, in sessions
// that are open as well.
func (t *trial) setSuperuser(ctx context.Context, on bool) error {
	word := "NOSUPERUSER"
	if on {
		word = "SUPERUSER"
	}
	role := pgx.Identifier{t.Server.Config(postgres.Owner, "").User}.Sanitize()
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		return execute(ctx, conn, "ALTER ROLE "+role+" "+word)
	})
}

// asSuperuser opens a session in a database just for f: one that stays open
// would keep copies from being made.
func (t *trial) asSuperuser(ctx context.Context, database string, f func(*pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, t.Server.Config(postgres.Superuser, database))
	if err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return f(conn)
}
