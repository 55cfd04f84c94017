package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A Guard is the advisory lock under which an application runs its migrations
// when it starts.
type Guard struct {
	Lock    int64
	Waits   bool          // a second runner waits for the lock, else it goes on without migrating
	Timeout time.Duration // after which the runner gives up
}

// guarded runs what is new under the lock, with a second runner at the same
// time.
func (t *trial) guarded(ctx context.Context, database string) error {
	first, err := pgx.ConnectConfig(ctx, t.Server.Pinned(postgres.Owner, database))
	if err != nil {
		return fmt.Errorf("connect to hold the lock of the runner: %w", err)
	}
	defer first.Close(context.WithoutCancel(ctx))
	if _, err := first.Exec(ctx, "SELECT pg_catalog.pg_advisory_lock($1)", t.Guard.Lock); err != nil {
		return fmt.Errorf("take the lock of the runner: %w", err)
	}
	second := make(chan secondRun, 1)
	go func() { second <- t.runSecond(ctx, database) }()
	migrations, stuck, err := t.runFirst(ctx, database)
	if err != nil {
		return err
	}
	if !stuck {
		defer migrations.Close(context.WithoutCancel(ctx))
	}
	if _, err := first.Exec(ctx, "SELECT pg_catalog.pg_advisory_unlock($1)", t.Guard.Lock); err != nil {
		return fmt.Errorf("release the lock of the runner: %w", err)
	}
	other := <-second
	if other.err != nil || stuck {
		return other.err
	}
	for _, m := range other.pending {
		t.report(rules.RunnerBlocked.AtFile(m.Path, fmt.Sprintf("two instances that start together both run %s: the second finds it pending after the first is done", m.Name)))
	}
	return t.tellLocks(ctx, first, migrations)
}

// A secondRun is what another instance found when the lock was free, or nothing
// when it did not wait.
type secondRun struct {
	pending []*lint.Migration
	err     error
}

func (t *trial) runSecond(ctx context.Context, database string) secondRun {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return secondRun{err: err}
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if !t.Guard.Waits {
		var got bool
		if err := conn.QueryRow(ctx, "SELECT pg_catalog.pg_try_advisory_lock($1)", t.Guard.Lock).Scan(&got); err != nil || !got {
			return secondRun{err: err}
		}
	} else if _, err := conn.Exec(ctx, "SELECT pg_catalog.pg_advisory_lock($1)", t.Guard.Lock); err != nil {
		return secondRun{err: err}
	}
	pending, err := t.askPending(ctx, conn)
	return secondRun{pending, err}
}

// runFirst runs the migrations while the lock is held. The session stays open,
// as that of a pool does; it is gone when the runner's patience ended.
func (t *trial) runFirst(ctx context.Context, database string) (conn *pgx.Conn, stuck bool, err error) {
	conn, err = t.connect(ctx, database, nil)
	if err != nil {
		return nil, false, err
	}
	patience, cancel := context.WithTimeout(ctx, t.Guard.Timeout)
	defer cancel()
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: t.pending}
	_, err = run.all(patience)
	if errors.Is(patience.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		t.tooLong(t.pending[len(run.outcomes)])
		return nil, true, nil
	}
	return conn, false, err
}

func (t *trial) tooLong(m *lint.Migration) {
	f := rules.RunnerBlocked.AtFile(m.Path, fmt.Sprintf(
		"%s does not come to an end within %v, after which the runner gives it up; it may wait for the lock %d that its own runner holds", m.Name, t.Guard.Timeout, t.Guard.Lock))
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s with the lock held, without any rows added", t.Server.Version())
	t.report(f)
}

// tellLocks reports advisory locks that outlive the migrations. Only their own
// session counts: the server may not have noticed yet that the second runner's
// is closed.
func (t *trial) tellLocks(ctx context.Context, conn, migrations *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT (classid::int8 << 32) | objid::int8 FROM pg_catalog.pg_locks
		WHERE locktype = 'advisory' AND granted AND pid = $1`, migrations.PgConn().PID())
	if err != nil {
		return fmt.Errorf("look for locks that are left: %w", err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, lock := range left {
		f := rules.RunnerBlocked.AtFile(t.pending[len(t.pending)-1].Path, fmt.Sprintf(
			"the migrations leave the advisory lock %d held until their connection closes, which a pool may never do; use pg_advisory_xact_lock", lock))
		f.Severity = lint.Warning
		f.Evidence = fmt.Sprintf("seen in pg_locks on PostgreSQL %s after the migrations", t.Server.Version())
		t.report(f)
	}
	return err
}
