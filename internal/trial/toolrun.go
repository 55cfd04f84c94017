package trial

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// A toolRun is one run of the migration tool: its messages in its
// transactions, and what it writes into its history table.
type toolRun struct {
	conn       *pgx.Conn
	note       func(*lint.Migration) quote.SQL // the SQL that notes a migration
	migrations []*lint.Migration
	outcomes   map[*lint.Migration]*Outcome

	// sent is called after each message; nil for nothing to do.
	sent func(context.Context) error
}

// all runs the migrations until one is refused.
func (t *toolRun) all(ctx context.Context) (*session.Refused, error) {
	t.outcomes = map[*lint.Migration]*Outcome{}
	for i, m := range t.migrations {
		start := time.Now()
		r, err := t.migration(ctx, i)
		if err != nil {
			return nil, session.InMigration(m, err)
		}
		t.outcomes[m] = &Outcome{Migration: m, Applied: DidApply, Duration: time.Since(start)}
		if r != nil {
			t.outcomes[m].Applied = Failed
			return r, session.Rollback(ctx, t.conn)
		}
	}
	return nil, nil
}

func (t *toolRun) migration(ctx context.Context, i int) (*session.Refused, error) {
	m := t.migrations[i]
	if err := t.begin(ctx, i); err != nil {
		return nil, err
	}
	for chunk := range m.Chunks {
		if chunk == 1 && m.Tx == lint.TxAfterFirst {
			if err := session.Execute(ctx, t.conn, "BEGIN"); err != nil {
				return nil, err
			}
		}
		if r, err := session.Send(ctx, t.conn, m, chunk); r != nil || err != nil {
			return r, err
		}
		if t.sent == nil {
			continue
		}
		if err := t.sent(ctx); err != nil {
			return nil, err
		}
	}
	if r, err := t.record(ctx, m); r != nil || err != nil {
		return r, err
	}
	if m.Tx == lint.TxAllPending && i < len(t.migrations)-1 {
		return nil, nil
	}
	return session.Commit(ctx, t.conn, m)
}

// begin opens the transaction that the tool opens. With one for all pending
// migrations, a COMMIT in a file ends it for good.
func (t *toolRun) begin(ctx context.Context, i int) error {
	m := t.migrations[i]
	if m.Tx == lint.TxFile || m.Tx == lint.TxAllPending && i == 0 {
		return session.Execute(ctx, t.conn, "BEGIN")
	}
	return nil
}

// record notes the migration as the tool does; what the migration did to the
// history table may refuse it.
func (t *toolRun) record(ctx context.Context, m *lint.Migration) (*session.Refused, error) {
	err := session.Execute(ctx, t.conn, t.note(m))
	if r := session.RefusedRow(m, err); r != nil {
		return r, nil
	}
	return nil, err
}
