package trial

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

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
	if t.pending, err = t.askPending(ctx, conn); err != nil {
		return err
	}
	before, err := takeSnapshot(ctx, conn)
	if err != nil {
		return err
	}
	f := faithfulRun{trial: t, conn: conn, before: before, outcomes: map[*lint.Migration]*Outcome{}, touched: map[string]bool{}}
	var r *refused
	err = t.elevated(ctx, t.pending, func() (err error) {
		r, err = f.all(ctx)
		return err
	})
	if err != nil {
		return err
	}
	t.tellOutcomes(f.outcomes)
	if r != nil {
		t.doesNotApply(r)
		return nil
	}
	if f.complete {
		t.touched = slices.Sorted(maps.Keys(f.touched))
	}
	return t.runAgain(ctx, conn)
}

// askPending lets the tool's own rule decide what runs.
func (t *trial) askPending(ctx context.Context, conn *pgx.Conn) ([]*lint.Migration, error) {
	var applied []string
	if query := t.Source.Runner.Applied(); query != "" {
		rows, err := conn.Query(ctx, query, pgx.QueryExecModeSimpleProtocol)
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
		t.runsTwice(m)
	}
	return nil
}

// tellOutcomes lists every new migration: run, skipped or not reached.
func (t *trial) tellOutcomes(outcomes map[*lint.Migration]*Outcome) {
	for _, m := range t.fresh {
		o := Outcome{Migration: m, Applied: NotRun}
		switch {
		case outcomes[m] != nil:
			o = *outcomes[m]
		case !slices.Contains(t.pending, m):
			o.Applied = Skipped
			t.skipped(m)
		}
		t.result.Outcomes = append(t.result.Outcomes, o)
	}
}

// A faithfulRun is one run of the tool.
type faithfulRun struct {
	*trial
	conn     *pgx.Conn
	before   snapshot
	outcomes map[*lint.Migration]*Outcome
	touched  map[string]bool
	complete bool // touched holds every table
}

func (f *faithfulRun) all(ctx context.Context) (*refused, error) {
	f.complete = true
	for _, m := range f.pending {
		start := time.Now()
		r, err := f.migration(ctx, m)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		f.outcomes[m] = &Outcome{Migration: m, Applied: DidApply, Duration: time.Since(start)}
		if r != nil {
			f.outcomes[m].Applied = Failed
			return r, rollback(ctx, f.conn)
		}
	}
	if len(f.pending) == 0 {
		return nil, nil
	}
	last := f.pending[len(f.pending)-1]
	r, err := f.commit(ctx, last)
	if r != nil {
		f.outcomes[last].Applied = Failed
	}
	return r, err
}

func (f *faithfulRun) migration(ctx context.Context, m *lint.Migration) (*refused, error) {
	if err := f.begin(ctx, m); err != nil {
		return nil, err
	}
	for i := range m.Chunks {
		if r, err := send(ctx, f.conn, m, i); r != nil || err != nil {
			return r, err
		}
		if err := f.noteTouched(ctx); err != nil {
			return nil, err
		}
	}
	if err := execute(ctx, f.conn, f.Source.Runner.Record(m)); err != nil {
		pe := refusal(err)
		if pe == nil {
			return nil, err
		}
		return &refused{Migration: m, Err: sqlError(pe, "", 0)}, nil
	}
	if m.Tx == lint.TxAllPending {
		return nil, nil
	}
	return f.commit(ctx, m)
}

// begin opens the transaction that the tool opens. With one for all pending
// migrations, a COMMIT in a file ends it for good.
func (f *faithfulRun) begin(ctx context.Context, m *lint.Migration) error {
	first := m == f.pending[0]
	if m.Tx == lint.TxFile || m.Tx == lint.TxAllPending && first {
		return execute(ctx, f.conn, "BEGIN")
	}
	return nil
}

func (f *faithfulRun) commit(ctx context.Context, m *lint.Migration) (*refused, error) {
	return commit(ctx, f.conn, m)
}

// noteTouched remembers which existing tables the transaction has locked: only
// those need rows later.
func (f *faithfulRun) noteTouched(ctx context.Context) error {
	if !inTransaction(f.conn) {
		f.complete = false
		return nil
	}
	now, err := takeSnapshot(ctx, f.conn)
	if err != nil {
		return err
	}
	for oid := range now.locks {
		if r, existed := f.before.relations[oid]; existed && (r.Kind == "r" || r.Kind == "p") {
			f.touched[r.Quoted] = true
		}
	}
	return nil
}
