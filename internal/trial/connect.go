package trial

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/postgres"
)

// maxMessage is the longest message that is taken from the server, in bytes: a
// row or a notice can have a gigabyte.
const maxMessage = 64 << 20

// connect opens a session as the tool does, as the owner, who runs migrations:
// what role and database are set to holds in it. No other session is like it.
// onNotice may be nil.
func (t *trial) connect(ctx context.Context, database string, onNotice pgconn.NoticeHandler) (*pgx.Conn, error) {
	config := t.Server.Config(postgres.Owner, database)
	t.sessions(config)
	config.OnNotice = onNotice
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	conn.PgConn().Frontend().SetMaxBodyLen(maxMessage)
	return conn, nil
}

// asSuperuser opens a session in a database just for f: one that stays open
// would keep copies from being made.
func (t *trial) asSuperuser(ctx context.Context, database string, f func(*pgx.Conn) error) error {
	return t.inSession(ctx, postgres.Superuser, database, f)
}

// inSession opens a session of migvet's own just for f.
func (t *trial) inSession(ctx context.Context, role postgres.Role, database string, f func(*pgx.Conn) error) error {
	conn, err := pgx.ConnectConfig(ctx, t.Server.Pinned(role, database))
	if err != nil {
		return fmt.Errorf("connect as %s: %w", role, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return f(conn)
}
