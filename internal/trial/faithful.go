package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/lint"
)

// faithful runs what is new as the tool would: which migrations it takes for
// pending, in which messages and transactions.
func (t *trial) faithful(ctx context.Context, database string) error {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if t.pending, err = t.askPending(ctx, conn); err != nil && !t.refusedBy(err) {
		return err
	}
	base := t.readBase(ctx)
	defer base.wait()
	locks, err := observe.WatchLocks(ctx, conn)
	if err != nil {
		return err
	}
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: t.pending, sent: locks.Note}
	r, err := run.all(ctx)
	if err != nil {
		return err
	}
	t.tellOutcomes(run.outcomes)
	if r != nil {
		t.doesNotApply(r)
		if _, err := base.wait(); err != nil {
			return err
		}
		return t.leftBehind(ctx, database, conn, r)
	}
	t.touched = locks.Tables()
	if t.Only == OnlyEffects {
		return nil
	}
	if err := t.noteSchema(ctx, database, base); err != nil {
		return err
	}
	if t.Only == OnlySchema || t.result.Schema == nil {
		return nil
	}
	if err := t.drift(ctx); err != nil {
		return err
	}
	if err := t.runAgain(ctx, conn); err != nil {
		return err
	}
	return t.undo(ctx, database)
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
	if t.refusal != nil {
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

// tellOutcomes lists every new migration: run, skipped or not reached.
func (t *trial) tellOutcomes(outcomes map[*lint.Migration]*Outcome) {
	for _, m := range t.fresh {
		o := Outcome{Migration: m, Applied: NotRun}
		switch {
		case m.Opaque != "" || t.refusal != nil && !slices.Contains(t.refusal.Before, m):
		case outcomes[m] != nil:
			o = *outcomes[m]
		case !slices.Contains(t.pending, m):
			o.Applied = Skipped
			t.skipped(m)
		}
		t.result.Outcomes = append(t.result.Outcomes, o)
	}
}
