package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// faithful is what came of running what is new as its tool would.
type faithful struct {
	pending  []*lint.Migration // what the tool takes for pending, in its order
	refusal  *source.Refusal   // why the tool runs nothing; nil when it runs
	stopped  *session.Refused  // what the run stopped at; nil when it came to its end
	fails    bool              // the migrations do not apply, as far as anybody knows
	touched  []string          // tables that the run locked; nil when unknown
	outcomes []Outcome         // of the migrations under review
	schema   *SchemaChange     // nil when nobody asked, or it could not be read
	drift    drift
	back     []back // what was taken back without rows, the newest first

	template   string // the database that it began with
	backToBase bool   // the tool can take back all that ran
	older      []back // not taken back yet, since the down of a newer one is refused
}

// needsNoRows reports whether the migrations touch no table that was there, so
// that no row makes a difference.
func (f *faithful) needsNoRows() bool { return f.touched != nil && len(f.touched) == 0 }

// faithful runs what is new as the tool would: which migrations it takes for
// pending, in which messages and transactions. What it returns holds also when it
// came to no end.
func (t *trial) faithful(ctx context.Context, database string, b base) (f faithful, err error) {
	f.template = b.database
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return f, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if f.pending, err = t.askPending(ctx, conn); err != nil {
		if !errors.As(err, &f.refusal) {
			return f, err
		}
		// What the tool would run otherwise is tried all the same: that is what runs
		// once the cause is gone.
		f.pending, f.fails = f.refusal.Otherwise, !f.refusal.OnBase
		t.toolRefuses(f.refusal)
	}
	before := t.readBase(ctx, b)
	defer before.wait()
	locks, err := observe.WatchLocks(ctx, conn)
	if err != nil {
		return f, err
	}
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: f.pending, sent: locks.Note}
	r, err := run.all(ctx)
	if err != nil {
		return f, err
	}
	f.outcomes = t.outcomes(f, run.outcomes)
	if r != nil {
		f.stopped = r
		if _, err := before.wait(); err != nil {
			return f, err
		}
		if f.fails, err = t.doesNotApply(ctx, database, b, f.pending, r); err != nil {
			return f, err
		}
		return f, t.leftBehind(ctx, database, conn, b, f)
	}
	f.touched = locks.Tables()
	if !t.parts.schema {
		return f, nil
	}
	if f.schema, err = t.readChange(ctx, database, before); err != nil || f.schema == nil || !t.parts.afterwards {
		return f, err
	}
	err = t.afterwards(ctx, database, conn, &f)
	return f, err
}

// afterwards compares what the run made with what is declared, runs the tool again,
// and takes the migrations back: the database is spent then.
func (t *trial) afterwards(ctx context.Context, database string, conn *pgx.Conn, f *faithful) (err error) {
	f.drift, err = rescue.Value(func() (drift, error) { return t.drift(ctx, f.schema) })
	if err := t.without("the comparison with what is declared", err); err != nil {
		return err
	}
	if f.refusal == nil {
		err := rescue.Call(func() error { return t.runAgain(ctx, conn) })
		if err := t.without("the second run", err); err != nil {
			return err
		}
	}
	f.back, err = rescue.Value(func() ([]back, error) { return t.undo(ctx, database, f) })
	return t.without("taking the migrations back", err)
}

// askPending lets the tool's own rule decide what runs.
func (t *trial) askPending(ctx context.Context, conn *pgx.Conn) ([]*lint.Migration, error) {
	var applied []string
	if query := t.Source.Runner.Applied(); query != "" {
		rows, err := conn.Query(ctx, query.ForServer(), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return nil, fmt.Errorf("read the history table: %w", err)
		}
		if applied, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return nil, fmt.Errorf("read the history table: %w", err)
		}
	}
	pending, err := t.Source.Runner.Pending(applied, t.Source.Head)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.Source.Tool, err)
	}
	return pending, nil
}

// runAgain checks that a second run would do nothing.
func (t *trial) runAgain(ctx context.Context, conn *pgx.Conn) error {
	if t.Source.Runner.Applied() == "" {
		return nil
	}
	again, err := t.askPending(ctx, conn)
	if err != nil {
		return err
	}
	for _, m := range again {
		if !m.Always {
			t.runsTwice(m)
		}
	}
	return nil
}

// outcomes lists every new migration: run, skipped or not reached.
func (t *trial) outcomes(f faithful, ran map[*lint.Migration]*Outcome) []Outcome {
	var all []Outcome
	for _, m := range t.fresh {
		o := Outcome{Migration: m, Applied: NotRun}
		switch {
		case m.Opaque != "" || f.refusal != nil && !slices.Contains(f.refusal.Before, m):
		case ran[m] != nil:
			o = *ran[m]
		case !slices.Contains(f.pending, m):
			o.Applied = Skipped
			t.skipped(m)
		}
		all = append(all, o)
	}
	return all
}
