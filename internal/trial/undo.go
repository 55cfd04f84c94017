package trial

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// An Undone is what came of taking a migration back, as its tool does.
type Undone struct {
	State    UndoState
	Duration time.Duration
	Loses    []string // what goes on the way back: "does not bring back 12 rows of audit_log"
}

// UndoState says how far the way back went.
type UndoState string

const (
	UndoWorks    UndoState = "works"   // the schema is the one before, and the migration runs again
	UndoDiffers  UndoState = "differs" // the schema is another one
	UndoRefused  UndoState = "refused" // by the server, or by the tool
	UndoMissing  UndoState = "missing"
	UndoNotTried UndoState = "not-tried" // it is code, or a later one could not be taken back
)

// A back is a migration that ran, and what takes it back; nil when there is
// nothing.
type back struct {
	up     *lint.Migration
	down   *source.Down
	undone *Undone // what comes of it, in the outcome of the migration
}

// undo takes the migrations that ran back, in reverse order, and runs them
// again. What a down leaves behind is told; the database is spent afterwards. It
// returns what was taken back, the newest first, also when it came to no end.
func (t *trial) undo(ctx context.Context, database string, f *faithful) ([]back, error) {
	if t.Source.Undo == nil || f.refusal != nil {
		return nil, nil
	}
	reached, complete := t.backs(f)
	f.backToBase = complete
	return t.takeBack(ctx, database, f, reached)
}

// takeBack is undo for some migrations, the newest first. Where a down is refused, the older
// ones are left in f.
func (t *trial) takeBack(ctx context.Context, database string, f *faithful, reached []back) ([]back, error) {
	f.older = nil
	backs := slices.DeleteFunc(slices.Clone(reached), func(b back) bool { return b.down == nil })
	if len(backs) == 0 {
		return nil, nil
	}
	r, err := t.goBack(ctx, database, backs)
	if err != nil {
		return nil, err
	}
	if r != nil {
		t.downRefused(backs, r, "")
		refused := slices.IndexFunc(reached, func(b back) bool { return b.down != nil && b.down.Migration == r.Migration })
		f.older = reached[refused+1:]
		return nil, nil
	}
	if f.backToBase {
		if err := t.compareBefore(ctx, database, f, reached, backs); err != nil {
			return backs, err
		}
	}
	return backs, t.goForward(ctx, database, backs)
}

// undoOlder takes back what a refused down of a newer migration kept from being taken back, as
// if the newer ones had not run: a second down that is broken would be found only when the
// first is mended.
func (t *trial) undoOlder(ctx context.Context, b base, f *faithful) error {
	for len(f.older) > 0 {
		_, err := runPart(ctx, t, "undo", b.database, func(ctx context.Context, database string) ([]back, error) {
			older, newest := f.older, slices.Index(f.pending, f.older[0].up)
			f.older = nil
			r, _, err := t.runAll(ctx, database, f.pending[:newest+1], t.Source.Runner.Record)
			if r != nil || err != nil {
				return nil, err // they ran with the newer ones
			}
			for _, b := range older {
				if b.down != nil {
					b.undone.State = UndoWorks
				}
			}
			return t.takeBack(ctx, database, f, older)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// backs returns what the tool takes back, the newest first. complete is false
// when it does not reach the oldest one.
func (t *trial) backs(f *faithful) (reached []back, complete bool) {
	undone := notTriedYet(f)
	complete = true
	for _, m := range slices.Backward(f.pending) {
		if !t.Source.Undo.Needs(m) {
			complete = false
			continue
		}
		down, stops := t.downOf(m, undone[m])
		if stops {
			return reached, false
		}
		reached = append(reached, back{m, down, undone[m]})
	}
	return reached, complete
}

// notTriedYet gives the outcomes of what ran a place for what comes of taking it
// back. Migrations that are not under review have no outcome, and theirs is lost.
func notTriedYet(f *faithful) map[*lint.Migration]*Undone {
	undone := map[*lint.Migration]*Undone{}
	for _, m := range f.pending {
		undone[m] = &Undone{State: UndoNotTried}
	}
	for i := range f.outcomes {
		f.outcomes[i].Undone = undone[f.outcomes[i].Migration]
	}
	return undone
}

// downOf returns what there is to run; nil for nothing. stops is set where
// nobody gets past it.
func (t *trial) downOf(m *lint.Migration, u *Undone) (down *source.Down, stops bool) {
	down = t.Source.Undo.Down(m)
	switch {
	case down == nil:
		u.State = UndoMissing
		return nil, t.Source.Undo.Stops()
	case down.Refused != "":
		u.State = UndoRefused
		t.report(t.irreversible(down, fmt.Sprintf("the down of %s is refused by %s: it %s", m.Name, t.Source.Tool, down.Refused)))
		return nil, true
	case down.Opaque != "":
		t.leaveUnchecked(Unchecked{
			Path: down.Path, Start: lint.NoPos, Minor: true, Reason: fmt.Sprintf("the down of %s was not tried: %s", m.Name, down.Opaque),
		})
		return nil, true
	case len(down.Statements()) == 0:
		u.State = UndoMissing
		return nil, false
	}
	u.State = UndoWorks
	return down, false
}

// goBack runs the downs as the tool does: in a session of their own.
func (t *trial) goBack(ctx context.Context, database string, backs []back) (*session.Refused, error) {
	var downs []*lint.Migration
	byDown := map[*lint.Migration]back{}
	for _, b := range backs {
		downs = append(downs, b.down.Migration)
		byDown[b.down.Migration] = b
	}
	r, outcomes, err := t.runAll(ctx, database, downs, func(down *lint.Migration) quote.SQL { return t.Source.Undo.Forget(byDown[down].up) })
	for down, o := range outcomes {
		byDown[down].undone.Duration = o.Duration
	}
	return r, err
}

// goForward runs the migrations again, on what their downs left.
func (t *trial) goForward(ctx context.Context, database string, backs []back) error {
	var ups []*lint.Migration
	for _, b := range slices.Backward(backs) {
		ups = append(ups, b.up)
	}
	r, _, err := t.runAll(ctx, database, ups, t.Source.Runner.Record)
	if r != nil {
		t.upRefused(backs, r)
	}
	return err
}

func (t *trial) runAll(ctx context.Context, database string, ms []*lint.Migration, note func(*lint.Migration) quote.SQL) (r *session.Refused, outcomes map[*lint.Migration]*Outcome, err error) {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	run := toolRun{conn: conn, note: note, migrations: ms}
	r, err = run.all(ctx)
	return r, run.outcomes, err
}

// compareBefore reports what the downs did not put back, of each down in one finding.
// reached are all migrations that were to be taken back, backs the ones with a down:
// objects of migrations without a down are expected to stay.
func (t *trial) compareBefore(ctx context.Context, database string, f *faithful, reached, backs []back) error {
	now, err := t.wholeSchema(ctx, database)
	if err != nil {
		return err
	}
	changes := schema.Outline(schema.Diff(f.schema.Before, now, schema.Options{Renames: true}))
	changes = slices.DeleteFunc(changes, func(c schema.Change) bool { return mayHaveBeenThere(reached, c) })
	if len(changes) == 0 {
		return nil
	}
	steps, err := t.readSteps(ctx, f.template, reached)
	if err != nil {
		return err
	}
	of := map[*lint.Migration][]schema.Change{}
	for _, c := range changes {
		b, known := steps.blame(reached, c)
		if !known {
			b = downToBlame(reached, backs, c)
		}
		of[b.up] = append(of[b.up], c)
	}
	for _, b := range backs {
		if len(of[b.up]) > 0 {
			t.leavesBehind(b, of[b.up])
		}
	}
	return nil
}
