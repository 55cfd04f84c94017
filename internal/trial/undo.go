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
	Loses    []string // what rows lost on the way back: "12 rows of audit_log"
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
	up   *lint.Migration
	down *source.Down
}

// undo takes the migrations that ran back, in reverse order, and runs them
// again. What a down leaves behind is told; the database is spent afterwards.
func (t *trial) undo(ctx context.Context, database string) error {
	if t.Source.Undo == nil || t.refusal != nil {
		return nil
	}
	reached, complete := t.backs()
	backs := slices.DeleteFunc(slices.Clone(reached), func(b back) bool { return b.down == nil })
	if len(backs) == 0 {
		return nil
	}
	r, err := t.goBack(ctx, database, backs)
	if err != nil {
		return err
	}
	if r != nil {
		t.downRefused(backs, r, "")
		return nil
	}
	t.back = backs
	if complete {
		if err := t.compareBefore(ctx, database, reached); err != nil {
			return err
		}
	}
	return t.goForward(ctx, database, backs)
}

// backs returns what the tool takes back, the newest first. complete is false
// when it does not reach the oldest one.
func (t *trial) backs() (reached []back, complete bool) {
	for _, m := range slices.Backward(t.pending) {
		t.undone(m)
	}
	complete = true
	for _, m := range slices.Backward(t.pending) {
		if !t.Source.Undo.Needs(m) {
			complete = false
			continue
		}
		down, stops := t.downOf(m)
		if stops {
			return reached, false
		}
		reached = append(reached, back{m, down})
	}
	return reached, complete
}

// downOf returns what there is to run; nil for nothing. stops is set where
// nobody gets past it.
func (t *trial) downOf(m *lint.Migration) (down *source.Down, stops bool) {
	down = t.Source.Undo.Down(m)
	u := t.undone(m)
	switch {
	case down == nil:
		u.State = UndoMissing
		return nil, t.Source.Undo.Stops()
	case down.Refused != "":
		u.State = UndoRefused
		t.report(t.irreversible(down, fmt.Sprintf("the down of %s is refused by %s: it %s", m.Name, t.Source.Tool, down.Refused)))
		return nil, true
	case down.Opaque != "":
		t.result.Unchecked = append(t.result.Unchecked, Unchecked{
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

// undone is where the outcome of going back is kept.
func (t *trial) undone(m *lint.Migration) *Undone {
	for i := range t.result.Outcomes {
		if o := &t.result.Outcomes[i]; o.Migration == m {
			if o.Undone == nil {
				o.Undone = &Undone{State: UndoNotTried}
			}
			return o.Undone
		}
	}
	return &Undone{} // not under review
}

// goBack runs the downs as the tool does: in a session of their own.
func (t *trial) goBack(ctx context.Context, database string, backs []back) (*session.Refused, error) {
	var downs []*lint.Migration
	up := map[*lint.Migration]*lint.Migration{}
	for _, b := range backs {
		downs = append(downs, b.down.Migration)
		up[b.down.Migration] = b.up
	}
	r, outcomes, err := t.runAll(ctx, database, downs, func(down *lint.Migration) quote.SQL { return t.Source.Undo.Forget(up[down]) })
	for down, o := range outcomes {
		t.undone(up[down]).Duration = o.Duration
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

// compareBefore tells what the downs did not put back. What a migration
// without a down made stays, as everybody knows.
func (t *trial) compareBefore(ctx context.Context, database string, backs []back) error {
	now, err := t.wholeSchema(ctx, database)
	if err != nil {
		return err
	}
	changes := schema.Outline(schema.Diff(t.result.Schema.Before, now, schema.Options{Renames: true}))
	for i, c := range changes {
		if i == maxLeft {
			t.report(t.irreversible(t.back[0].down, fmt.Sprintf("the downs leave %d more objects other than they were", len(changes)-i)))
			break
		}
		if b := t.blame(backs, c); b.down != nil {
			t.leavesBehind(b, c)
		}
	}
	return nil
}

// maxLeft keeps one wrong down from filling a page.
const maxLeft = 10
