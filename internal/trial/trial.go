// Package trial runs migrations on a throw-away server and tells what they did.
//
// The base branch's schema is built first. Copies of it then play four parts:
//
//	faithful    the new migrations as their tool runs them: pending rule, messages, transactions
//	observed    statement by statement over benign rows, each watched: its [lint.Effect]
//	challenged  the same over adversarial rows
//	bootstrap   all migrations on an empty database
//
// What fails only where there are rows fails in production.
package trial

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// Options says what to try, and where.
type Options struct {
	Server    *postgres.Server
	Source    *source.Source
	Superuser bool                             // migrations run as one; else as the owner of the database
	Log       func(format string, args ...any) // progress; may be nil
}

// A Result is what the trial of one source found. The statements of the
// source's new migrations carry their effects.
type Result struct {
	Findings  []lint.Finding
	Outcomes  []Outcome // of the new migrations, in the order of the branch
	Unchecked []Unchecked
	Applies   bool // the new migrations apply as their tool runs them
}

// An Outcome is what became of one migration when it ran as its tool runs it.
type Outcome struct {
	Migration *lint.Migration
	Applied   Applied
	Duration  time.Duration
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
	Start  int // bytes, or lint.NoPos
	Reason string
	Minor  bool // worth telling, but the verdict stands without it
}

// trial is one run over one source.
type trial struct {
	Options
	fresh    []*lint.Migration // under review, in the order of the branch
	pending  []*lint.Migration // of those, what the tool runs, in its order
	touched  []string          // tables the faithful run locked; nil when unknown
	roles    map[string]bool   // of the cluster, before anything ran
	base     string            // database
	stopped  *refused          // what the faithful run stopped at; nil when it came to its end
	result   *Result
	refused  map[*lint.Statement]bool // by the faithful run or the benign rows
	duration time.Duration
}

// Run tries the new migrations of a source. An error means that nothing can be
// said; what the migrations do wrong is in the result.
func Run(ctx context.Context, o Options) (*Result, error) {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	t := &trial{Options: o, result: &Result{Applies: true}, refused: map[*lint.Statement]bool{}}
	for _, m := range o.Source.History.Migrations {
		if !m.Base {
			t.fresh = append(t.fresh, m)
		}
	}
	if len(t.fresh) == 0 {
		return t.result, nil
	}
	return t.result, t.run(ctx)
}

func (t *trial) run(ctx context.Context) error {
	var err error
	if t.Superuser {
		t.Log("migrations run as superuser")
		if err := t.setSuperuser(ctx, true); err != nil {
			return err
		}
	}
	if t.roles, err = t.readRoles(ctx); err != nil {
		return err
	}
	if ok, err := t.buildBase(ctx); err != nil || !ok {
		return err
	}
	t.Log("running %d new migrations as %s does", len(t.fresh), t.Source.Tool)
	if err := t.scenario(ctx, "faithful", t.faithful); err != nil {
		return err
	}
	t.Log("watching each statement on a database with rows")
	if err := t.scenario(ctx, "observed", t.observed); err != nil {
		return err
	}
	if err := t.scenario(ctx, "challenged", t.challenged); err != nil {
		return err
	}
	return t.bootstrap(ctx)
}

// scenario runs f in a copy of the base and puts the cluster back as it was.
func (t *trial) scenario(ctx context.Context, name string, f func(ctx context.Context, database string) error) error {
	before, err := t.readRoles(ctx)
	if err != nil {
		return err
	}
	database, err := t.Server.CreateDatabase(ctx, name, t.base)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := f(ctx, database); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := t.Server.DropDatabase(ctx, database); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return t.dropRoles(ctx, before)
}

// connect opens a session as the owner, who runs migrations.
func (t *trial) connect(ctx context.Context, database string, m *messages) (*pgx.Conn, error) {
	config := t.Server.Config(postgres.Owner, database)
	if m != nil {
		config.OnNotice = watchNotices(m)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return conn, nil
}

// fill puts rows into the tables that the migrations touch.
func (t *trial) fill(ctx context.Context, database string, set rows.Set) ([]rows.Filled, error) {
	conn, err := pgx.ConnectConfig(ctx, t.Server.Config(postgres.Filler, database))
	if err != nil {
		return nil, fmt.Errorf("connect to fill tables: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	o := rows.Options{Set: set, Tables: t.touched}
	if table := t.Source.Runner.Table(); table != "" {
		o.Exclude = []string{table}
	}
	return rows.Fill(ctx, conn, o)
}
