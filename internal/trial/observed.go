package trial

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// observed is what the pending migrations did over benign rows.
type observed struct {
	effects  map[*lint.Statement]*lint.Effect
	final    *lint.Schema // of the tables that they name; nil when it was not read
	hidden   bool         // something kept effects from being seen
	filled   []rows.Filled
	roots    []rows.Root // columns in which a row of ours is NULL
	refusals []*session.Refused
	refused  map[*lint.Statement]bool // by the rows, or by the faithful run before
}

// observed runs the pending migrations statement by statement over benign rows
// and keeps what each did. What it returns holds also when it came to no end.
func (t *trial) observed(ctx context.Context, database string, f faithful) (seen observed, err error) {
	filled, err := t.fill(ctx, database, f, rows.Benign)
	if err != nil {
		return seen, err
	}
	t.noteUnfilled(filled)
	had, err := t.heldRows(ctx, database, f.back)
	if err != nil {
		return seen, err
	}
	sums, err := t.sumValues(ctx, database, f.droppedColumns())
	if err != nil {
		return seen, err
	}
	if err := t.countCalls(ctx, database); err != nil {
		return seen, err
	}
	var notices observe.Notices
	conn, err := t.connect(ctx, database, notices.Handler())
	if err != nil {
		return seen, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	o, err := observe.New(ctx, conn, &notices, t.Server.Version(), t.historyTable())
	if err != nil {
		return seen, err
	}
	seen, err = t.watch(ctx, database, conn, o, f.pending)
	seen.filled, seen.roots = filled, rootsIn(filled)
	if err != nil {
		return seen, err
	}
	t.keepRefusal(f.stopped, seen.effects)
	if f.stopped != nil && !f.fails {
		excuse(f.pending, f.stopped, seen.effects)
	}
	forgetPresence(f.pending, f.stopped, seen.effects)
	if len(seen.refusals) > 0 {
		forgetPresence(f.pending, seen.refusals[0], seen.effects)
	}
	if seen.refused, err = t.failsOnRows(ctx, database, f, seen); err != nil {
		return seen, err
	}
	if seen.final, err = o.Schema(ctx, f.pending); err != nil || len(seen.refusals) > 0 {
		return seen, err
	}
	return seen, t.undoOnRows(ctx, database, f, had, sums)
}

func rootsIn(filled []rows.Filled) (roots []rows.Root) {
	for _, f := range filled {
		roots = append(roots, f.Roots...)
	}
	return roots
}

// watch runs migrations in the session of an observer.
func (t *trial) watch(ctx context.Context, database string, conn *pgx.Conn, o *observe.Observer, pending []*lint.Migration) (observed, error) {
	seen := observed{effects: map[*lint.Statement]*lint.Effect{}}
	s := stepper{conn: conn, note: t.Source.Runner.Record}
	s.run = func(ctx context.Context, st *lint.Statement) (*pgconn.PgError, error) {
		e, pe, err := o.Statement(ctx, st)
		seen.effects[st] = e
		return pe, err
	}
	before, err := t.fingerprint(ctx, database)
	if err != nil {
		return seen, err
	}
	if err := s.all(ctx, pending); err != nil {
		return seen, err
	}
	seen.hidden, seen.refusals = o.Hidden(), s.refused
	return seen, t.checkObserver(ctx, database, before)
}

// keepRefusal lets the refusal of the tool's own message stand for a statement
// that passes when it is sent alone.
func (t *trial) keepRefusal(stopped *session.Refused, effects map[*lint.Statement]*lint.Effect) {
	if stopped == nil || stopped.Statement == nil {
		return
	}
	if e := effects[stopped.Statement]; e == nil || e.Err == nil {
		effects[stopped.Statement] = &lint.Effect{Postgres: t.Server.Version(), Err: stopped.Err}
	}
}

// challenged runs the same over adversarial rows, and returns what they refuse.
// benign is what was filled before.
func (t *trial) challenged(ctx context.Context, database string, f faithful, benign []rows.Filled) ([]*session.Refused, error) {
	filled, err := t.fill(ctx, database, f, rows.Adversarial)
	if err != nil {
		return nil, err
	}
	t.noteWithoutOdd(benign, filled)
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	s := stepper{conn: conn, note: t.Source.Runner.Record}
	s.run = s.attempt
	err = s.all(ctx, f.pending)
	return s.refused, err
}
