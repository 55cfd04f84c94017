// Package trial runs migrations on a throw-away server and tells what they did.
//
// The base branch's schema is built first. Copies of it then play these parts, in
// this order; each gets what it needs to know as a value that an earlier one returned
// (parts.go):
//
//	faithful    the new migrations as their tool runs them: pending rule, messages, transactions;
//	            then the comparison with what is declared, a second run, and the way back
//	runner      the same under the lock of the application's runner, with a second runner
//	observed    statement by statement over benign rows, each watched: its [lint.Effect]
//	probed      what worked before the new migrations, tried again behind them; package probe
//	blamed      the same statement by statement, where something of it broke
//	challenged  what was observed, over adversarial rows
//	bootstrap   all migrations on an empty database
//
// What fails only where there are rows fails in production.
package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Options says what to try, and where.
type Options struct {
	Server      *postgres.Server
	Source      *source.Source
	Environment Environment
	Only        Purpose                          // what to find out; everything if not set
	Superuser   bool                             // migrations run as one; else as the owner of the database
	Log         func(format string, args ...any) // progress; may be nil

	VersionGiven bool     // the server has the version that somebody said production has
	Platforms    []string // presets of which the repository has a sign

	// SchemaFiles returns the SQL files of the repository, outside of the folder, that
	// create a schema and have all of some names; may be nil.
	SchemaFiles func(schema string, names []string) []string

	// Preceding are the folders whose migrations run first in the same database.
	Preceding []*source.Source

	// BaseSchema stands for what the base's migrations make; nil when these are
	// replayed.
	BaseSchema *BaseSchema

	// AsOnBase tells that the branch under review sets nothing otherwise than its base.
	AsOnBase bool

	// Guard is how the application runs its migrations; nil when nobody said.
	Guard *Guard

	// Timed is told how long each part took; may be nil.
	Timed func(part string, took time.Duration)

	// StatementTimeout ends a statement of a migration that runs for longer, and
	// the trial with it; 0 for no limit but that of the context.
	StatementTimeout time.Duration

	// ProbeTime bounds the time in which what worked is tried in front of the migrations;
	// 0 for 3 s. What there is no time for is told, so that tests give more.
	ProbeTime time.Duration
}

// A Result is what the trial of one source found.
type Result struct {
	Observed  *lint.Observed // of the new migrations, statement by statement over benign rows; never nil
	Findings  []lint.Finding
	Outcomes  []Outcome // of the new migrations, in the order of the branch
	Unchecked []Unchecked
	Schema    *SchemaChange // nil when they do not apply
	Applies   bool          // the new migrations apply as their tool runs them

	// Repaired are migrations of the base that stop, and that the branch has changed.
	Repaired []Repaired

	// RefusedByTool is set when the tool runs nothing and the errors that the source
	// has found in its history say why, so that no finding of the trial does.
	RefusedByTool bool

	// Hidden is set when something kept the trial from seeing what migrations do:
	// effects that are incomplete for another reason than what the statement is.
	Hidden bool

	// Missing is what the run stopped at because something that it names is not there:
	// the base's migrations or the new ones; nil when it did not.
	Missing *lint.SQLError
}

// An Outcome is what became of one migration when it ran as its tool runs it.
type Outcome struct {
	Migration *lint.Migration
	Applied   Applied
	Duration  time.Duration
	Undone    *Undone // nil when the tool does not go back, or nothing was tried
}

// Applied says how far a migration came.
type Applied string

const (
	DidApply Applied = "applied"
	Failed   Applied = "failed"
	Skipped  Applied = "skipped" // the tool does not run it
	NotRun   Applied = "not-run" // an earlier one failed
)

// Unchecked is something the trial could not find out, and why.
type Unchecked struct {
	Path   string
	Start  int // bytes in the file, or lint.NoPos
	Reason string
	Minor  bool // worth telling, but the verdict stands without it

	Panic *rescue.Panic // what kept it from being found out; nil for everything else
}

// trial is one run over one source: what holds for all of its parts, and where they
// say what they find. What a part finds out for the next one it returns.
type trial struct {
	Options
	fresh  []*lint.Migration // under review, in the order of the branch
	parts  parts             // that run
	shared shared            // with the other databases of the server

	withheld  []facts.Name               // stand-ins that give way to what the repository makes
	standIns  []string                   // extensions of which a stand-in takes the place
	making    map[*lint.Migration]making // those of which somebody asked
	furnished string                     // the database that holds the environment; "" when there is nothing in it
	result    *Result
}

// Run tries the new migrations of a source. An error means that nothing can be
// said; what the migrations do wrong is in the result.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	if o.Timed == nil {
		o.Timed = func(string, time.Duration) {}
	}
	for {
		t := &trial{Options: o, fresh: o.Source.History.New, parts: o.Only.parts(), result: &Result{Applies: true, Observed: lint.NewObserved()}}
		if len(t.fresh) == 0 && !t.hasEdits() {
			return t.result, nil
		}
		err := rescue.Call(func() error { return t.run(session.WithStatementTimeout(ctx, o.StatementTimeout)) })
		met, inTheWay := metStandIn(err)
		if !inTheWay {
			return t.result, t.takeBroken(err)
		}
		o.Environment.Without = append(slices.Clone(o.Environment.Without), met)
	}
}

// report adds a finding to the result.
func (t *trial) report(f lint.Finding) { t.result.Findings = append(t.result.Findings, f) }

// leaveUnchecked adds to the result what could not be found out.
func (t *trial) leaveUnchecked(u Unchecked) { t.result.Unchecked = append(t.result.Unchecked, u) }

// without goes on without a part of the trial that panicked, which is told. Other
// errors it returns.
func (t *trial) without(part string, err error) error {
	p := rescue.In(err)
	if p == nil {
		return err
	}
	t.leaveUnchecked(Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Reason: fmt.Sprintf("%s %v", part, err), Panic: p})
	return nil
}

// run prepares the server for the parts, and puts it back.
func (t *trial) run(ctx context.Context) (err error) {
	if refused, err := t.refuseLasting(ctx); err != nil || refused {
		return err
	}
	if name := t.Source.Database; name != "" {
		if err := t.makeStandIn(ctx, name); err != nil {
			return err
		}
		defer func() {
			if ctx.Err() == nil {
				err = errors.Join(err, t.Server.DropDatabase(ctx, name))
			}
		}()
	}
	if t.shared, err = t.readShared(ctx); err != nil {
		return err
	}
	names, err := t.findProvided(ctx)
	if err != nil {
		return err
	}
	if t.standIns, err = t.findStandIns(ctx); err != nil {
		return err
	}
	ctx = session.WithProvided(ctx, append(names, t.standIns...))
	t.noteProvided(ctx)
	t.noteStandIns()
	if t.Superuser {
		t.Log("migrations run as superuser")
		if err := t.setSuperuser(ctx, true); err != nil {
			return err
		}
		defer func() {
			if ctx.Err() == nil && !t.Server.External() {
				err = errors.Join(err, t.setSuperuser(ctx, false))
			}
		}()
	}
	if err := t.checkDump(); err != nil {
		return err
	}
	t.noteOpaque()
	return t.inFurnished(ctx, t.runParts)
}

// makeStandIn creates the database that the migrations name when they mean the
// one they run in, so that grants on it succeed.
func (t *trial) makeStandIn(ctx context.Context, name string) error {
	err := t.Server.CreateDatabaseAs(ctx, name)
	if err != nil && t.Server.External() {
		return fmt.Errorf("the migrations name their database, %s: %w; leave --database-url out", name, err)
	}
	return err
}
