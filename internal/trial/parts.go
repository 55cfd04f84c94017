package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// A Purpose is what a trial is to find out, when that is not everything.
type Purpose int

const (
	Everything  Purpose = iota
	OnlySchema          // what becomes of the schema
	OnlyEffects         // what each statement does, over benign rows, as far as no whole schemas tell
)

// parts are what a trial runs beside the new migrations as their tool runs them.
type parts struct {
	schema     bool // what they make of the schema
	afterwards bool // whether that is what was declared, whether they run twice, and the way back
	guarded    bool
	observed   bool
	probed     bool // what worked before
	challenged bool
	bootstrap  bool
}

func (p Purpose) parts() parts {
	switch p {
	case OnlySchema:
		return parts{schema: true}
	case OnlyEffects:
		return parts{observed: true}
	}
	return parts{schema: true, afterwards: true, guarded: true, observed: true, probed: true, challenged: true, bootstrap: true}
}

// runParts runs everything that happens on copies of the base, and then all
// migrations on an empty database.
func (t *trial) runParts(ctx context.Context) error {
	var b base
	var f faithful
	err := t.inNewDatabase(ctx, "base", t.furnished, func(ctx context.Context, database string) (err error) {
		if b, err = t.timedBase(ctx, database); err != nil {
			return err
		}
		if len(t.fresh) == 0 {
			return nil // only the base was asked
		}
		if b.refused != nil {
			return t.baseFails(ctx, b)
		}
		if b.before != nil {
			return t.precedingFails(b.before)
		}
		f, err = t.onBase(ctx, b)
		return err
	})
	if err != nil || len(t.fresh) == 0 || !t.parts.bootstrap || !b.complete() || t.BaseSchema != nil || t.blocked(f) || t.ranAll(f) {
		return err
	}
	err = rescue.Call(func() error {
		r, err := t.bootstrap(ctx, t.Source.Head)
		if r == nil || err != nil {
			return err
		}
		stopped, err := t.stopsOnBase(ctx, r)
		t.bootstrapFails(r, stopped)
		return err
	})
	return t.without("the run of all migrations on an empty database", err)
}

func (t *trial) timedBase(ctx context.Context, database string) (base, error) {
	start := time.Now()
	defer func() { t.Timed("base", time.Since(start)) }()
	return t.buildBase(ctx, database)
}

// onBase runs the parts that happen on copies of the base.
func (t *trial) onBase(ctx context.Context, b base) (faithful, error) {
	t.Log("trying %d new migrations as %s runs them, and statement by statement on rows", len(t.fresh), t.Source.Tool)
	f, err := runPart(ctx, t, "faithful", b.database, func(ctx context.Context, database string) (faithful, error) {
		return t.faithful(ctx, database, b)
	})
	t.result.Applies, t.result.Outcomes, t.result.Schema = !f.fails, f.outcomes, f.schema
	if err != nil {
		return f, t.locate(ctx, b, f, fmt.Errorf("faithful: %w", err))
	}
	if err := t.without("taking the migrations back", t.undoOlder(ctx, b, &f)); err != nil {
		return f, fmt.Errorf("undo: %w", err)
	}
	if t.parts.guarded && t.Guard != nil && len(f.pending) > 0 && f.stopped == nil && f.refusal == nil {
		findings, err := runPart(ctx, t, "runner", b.database, func(ctx context.Context, database string) ([]lint.Finding, error) {
			return t.guarded(ctx, database, f)
		})
		t.result.Findings = append(t.result.Findings, findings...)
		if err := t.without("the trial with a second runner", err); err != nil {
			return f, fmt.Errorf("runner: %w", err)
		}
	}
	seen, err := t.onRows(ctx, b, f)
	if err != nil {
		return f, err
	}
	return f, t.without("the comparison with what is declared", rescue.Call(func() error { t.reportDrift(f, seen); return nil }))
}

// onRows runs the parts for which tables hold rows.
func (t *trial) onRows(ctx context.Context, b base, f faithful) (seen observed, err error) {
	panicked := false
	if t.parts.observed && len(f.pending) > 0 {
		seen, err = runPart(ctx, t, "observed", b.database, func(ctx context.Context, database string) (observed, error) {
			return t.observed(ctx, database, f)
		})
		t.noteSwaps(f, seen)
		t.noteUngranted(f, seen)
		t.keep(seen)
		panicked = rescue.In(err) != nil
		t.result.Hidden = t.result.Hidden || panicked
		if err := t.without("the trial on rows", err); err != nil {
			return seen, fmt.Errorf("observed: %w", err)
		}
	}
	if t.parts.probed && t.parts.observed && len(f.pending) > 0 && !panicked { // nobody knows whether rows are refused then
		if err := t.without("whether all that worked still does", rescue.Call(func() error { return t.probed(ctx, b, f, seen) })); err != nil {
			return seen, fmt.Errorf("probed: %w", err)
		}
	}
	if t.parts.challenged && len(f.pending) > 0 && !f.needsNoRows() {
		refused, err := runPart(ctx, t, "challenged", b.database, func(ctx context.Context, database string) ([]*session.Refused, error) {
			return t.challenged(ctx, database, f, seen.filled)
		})
		if err := t.without("the trial on rows of odd kinds", err); err != nil {
			return seen, fmt.Errorf("challenged: %w", err)
		}
		t.mayFailOnRows(f, refused, seen.refused)
	}
	return seen, nil
}

// keep takes what was observed into the result.
func (t *trial) keep(seen observed) {
	maps.Copy(t.result.Observed.Effects, seen.effects)
	if seen.final != nil {
		t.result.Observed.Finals[t.Source.History] = seen.final
	}
	t.result.Hidden = seen.hidden
}

// blocked reports whether all migrations in a row cannot come to an end either:
// something stopped the new ones, or the tool refuses the folder as it is.
func (t *trial) blocked(f faithful) bool {
	_, err := t.Source.Runner.Pending(nil, t.Source.Head)
	var refusal *source.Refusal
	return errors.As(err, &refusal) || f.stopped != nil || slices.ContainsFunc(t.Source.Head, isOpaque)
}

// ranAll reports whether the faithful run was one of all migrations on an empty
// database.
func (t *trial) ranAll(f faithful) bool {
	return len(t.Source.History.Base) == 0 && slices.Equal(f.pending, t.Source.Head)
}

// runPart runs one part in a new database, and returns what it found as far as it
// came. One that panics has found nothing.
func runPart[T any](ctx context.Context, t *trial, name, template string, part func(ctx context.Context, database string) (T, error)) (found T, err error) {
	start := time.Now()
	defer func() { t.Timed(name, time.Since(start)) }()
	err = t.inNewDatabase(ctx, name, template, func(ctx context.Context, database string) (err error) {
		found, err = rescue.Value(func() (T, error) { return part(ctx, database) })
		return err
	})
	return found, err
}

// inNewDatabase runs f in a new database, a copy of template unless that is "", and
// puts the cluster back as it was. After the deadline the server is gone, or drops
// what is left itself.
func (t *trial) inNewDatabase(ctx context.Context, name, template string, f func(ctx context.Context, database string) error) error {
	before, err := t.readRoles(ctx)
	if err != nil {
		return err
	}
	database, err := t.Server.CreateDatabase(ctx, name, template)
	if err != nil {
		return err
	}
	err = f(ctx, database)
	if ctx.Err() != nil {
		return err
	}
	return errors.Join(err, t.dropSubscriptions(ctx, database), t.Server.DropDatabase(ctx, database),
		t.dropLeftovers(ctx), t.putRolesBack(ctx, before))
}
