package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rescue"
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
func (t *trial) guarded(ctx context.Context, database string, f faithful) ([]lint.Finding, error) {
	first, err := pgx.ConnectConfig(ctx, t.Server.Pinned(postgres.Owner, database))
	if err != nil {
		return nil, fmt.Errorf("connect to hold the lock of the runner: %w", err)
	}
	defer first.Close(context.WithoutCancel(ctx))
	if _, err := first.Exec(ctx, "SELECT pg_catalog.pg_advisory_lock($1)", t.Guard.Lock); err != nil {
		return nil, fmt.Errorf("take the lock of the runner: %w", err)
	}
	second := make(chan secondRun, 1)
	go func() {
		var s secondRun
		if p := rescue.Do(func() { s = t.runSecond(ctx, database) }); p != nil {
			s.err = p
		}
		second <- s
	}()
	migrations, stuck, err := t.runFirst(ctx, database, f.pending)
	if err != nil {
		return nil, err
	}
	var findings []lint.Finding
	if stuck != nil {
		findings = append(findings, t.tooLong(stuck))
	} else {
		defer migrations.Close(context.WithoutCancel(ctx))
	}
	if _, err := first.Exec(ctx, "SELECT pg_catalog.pg_advisory_unlock($1)", t.Guard.Lock); err != nil {
		return findings, fmt.Errorf("release the lock of the runner: %w", err)
	}
	other := <-second
	if other.err != nil || stuck != nil {
		return findings, other.err
	}
	if t.Source.Runner.Applied() == "" {
		other.pending = nil // the tool keeps no list by which a second run would know
	}
	for _, m := range other.pending {
		findings = append(findings, rules.RunnerBlocked.AtFile(m.Path, fmt.Sprintf("two instances that start together both run %s: the second finds it pending after the first is done", m.Name)))
	}
	left, err := t.locksLeft(ctx, first, migrations, f.pending[len(f.pending)-1])
	return append(findings, left...), err
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
// as that of a pool does; it is gone when the runner's patience ended, in the
// migration that is stuck.
func (t *trial) runFirst(ctx context.Context, database string, pending []*lint.Migration) (conn *pgx.Conn, stuck *lint.Migration, err error) {
	conn, err = t.connect(ctx, database, nil)
	if err != nil {
		return nil, nil, err
	}
	patience, cancel := context.WithTimeout(ctx, t.Guard.Timeout)
	defer cancel()
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: pending}
	_, err = run.all(patience)
	if errors.Is(patience.Err(), context.DeadlineExceeded) && ctx.Err() == nil {
		return nil, pending[len(run.outcomes)], nil
	}
	return conn, nil, err
}

func (t *trial) tooLong(m *lint.Migration) lint.Finding {
	f := rules.RunnerBlocked.AtFile(m.Path, fmt.Sprintf(
		"%s does not come to an end within %v, after which the runner gives it up; it may wait for the lock %d that its own runner holds", m.Name, t.Guard.Timeout, t.Guard.Lock))
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s with the lock held, without any rows added", t.Server.Version())
	return f
}

// locksLeft finds advisory locks that outlive the migrations, whose last one is
// told. Only their own session counts: the server may not have noticed yet that
// the second runner's is closed.
func (t *trial) locksLeft(ctx context.Context, conn, migrations *pgx.Conn, last *lint.Migration) (findings []lint.Finding, err error) {
	rows, err := conn.Query(ctx, `SELECT (classid::int8 << 32) | objid::int8 FROM pg_catalog.pg_locks
		WHERE locktype = 'advisory' AND granted AND pid = $1`, migrations.PgConn().PID())
	if err != nil {
		return nil, fmt.Errorf("look for locks that are left: %w", err)
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, lock := range left {
		f := rules.RunnerBlocked.AtFile(last.Path, fmt.Sprintf(
			"the migrations leave the advisory lock %d held until their connection closes, which a pool may never do; use pg_advisory_xact_lock", lock))
		f.Severity = lint.Warning
		f.Evidence = fmt.Sprintf("seen in pg_locks on PostgreSQL %s after the migrations", t.Server.Version())
		findings = append(findings, f)
	}
	return findings, err
}
