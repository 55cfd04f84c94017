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
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// Options says what to try, and where.
type Options struct {
	Server      *postgres.Server
	Source      *source.Source
	Environment Environment
	Only        Purpose                          // what to find out; everything if not set
	Superuser   bool                             // migrations run as one; else as the owner of the database
	Log         func(format string, args ...any) // progress; may be nil

	// Guard is how the application runs its migrations; nil when nobody said.
	Guard *Guard

	// Timed is told how long each part took; may be nil.
	Timed func(part string, took time.Duration)

	// StatementTimeout ends a statement of a migration that runs for longer, and
	// the trial with it; 0 for no limit but that of the context.
	StatementTimeout time.Duration
}

// A Purpose is what a trial is to find out, when that is not everything.
type Purpose int

const (
	Everything  Purpose = iota
	OnlySchema          // what becomes of the schema
	OnlyEffects         // what each statement does, over benign rows
)

// A Result is what the trial of one source found.
type Result struct {
	Observed  *lint.Observed // of the new migrations, statement by statement over benign rows; never nil
	Findings  []lint.Finding
	Outcomes  []Outcome // of the new migrations, in the order of the branch
	Unchecked []Unchecked
	Schema    *SchemaChange // nil when they do not apply
	Applies   bool          // the new migrations apply as their tool runs them

	// Hidden is set when something kept the trial from seeing what migrations do:
	// effects that are incomplete for another reason than what the statement is.
	Hidden bool
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
}

// trial is one run over one source.
type trial struct {
	Options
	fresh     []*lint.Migration // under review, in the order of the branch
	pending   []*lint.Migration // of those, what the tool runs, in its order
	touched   []string          // tables the faithful run locked; nil when unknown
	noBase    bool              // the base's own migrations do not apply
	base      string            // database
	stopped   *session.Refused  // what the faithful run stopped at; nil when it came to its end
	drifted   []schema.Change   // between what is declared and what the migrations made
	oldDrift  []schema.Change   // the same of the base
	back      []back            // what was taken back without rows, the newest first
	refusal   *source.Refusal   // why the tool runs nothing; nil when it runs
	result    *Result
	leftovers []leftover               // of the cluster, to be dropped after each part
	refused   map[*lint.Statement]bool // by the faithful run or the benign rows
	first     cluster                  // roles as they were before the trial
	made      map[string]bool          // roles that the trial makes; nobody else's
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
	t := &trial{Options: o, fresh: o.Source.History.New, result: &Result{Applies: true, Observed: lint.NewObserved()}, refused: map[*lint.Statement]bool{}}
	if len(t.fresh) == 0 {
		return t.result, nil
	}
	return t.result, t.tellBroken(t.run(session.WithStatementTimeout(ctx, o.StatementTimeout)))
}

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
	if t.first, err = t.readRoles(ctx); err != nil {
		return err
	}
	names, err := t.findProvided(ctx)
	if err != nil {
		return err
	}
	ctx = session.WithProvided(ctx, names)
	t.tellProvided(ctx)
	t.made = t.rolesMade()
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
	if t.leftovers, err = t.findLeftovers(ctx); err != nil {
		return err
	}
	t.tellOpaque()
	if err := t.onBase(ctx); err != nil || t.blocked() || t.Only != Everything || t.ranAll() {
		return err
	}
	return t.bootstrap(ctx)
}

// ranAll tells whether the faithful run was one of all migrations on an empty
// database.
func (t *trial) ranAll() bool {
	return len(t.Source.History.Base) == 0 && slices.Equal(t.pending, t.Source.Head)
}

// onBase builds the base and runs everything that happens on copies of it.
func (t *trial) onBase(ctx context.Context) error {
	return t.within(ctx, "base", "", func(ctx context.Context, database string) error {
		t.base = database
		start := time.Now()
		ok, err := t.buildBase(ctx)
		t.Timed("base", time.Since(start))
		if err != nil || !ok {
			return err
		}
		t.Log("trying %d new migrations as %s runs them, and statement by statement on rows", len(t.fresh), t.Source.Tool)
		if err := t.timed(ctx, "faithful", t.base, t.faithful); err != nil {
			return t.locate(ctx, fmt.Errorf("faithful: %w", err))
		}
		if t.Only == OnlySchema {
			return nil
		}
		if err := t.onCopies(ctx); err != nil {
			return err
		}
		t.tellDrift()
		return nil
	})
}

// onCopies runs the parts that the faithful run leaves something to find out
// for.
func (t *trial) onCopies(ctx context.Context) error {
	pending := len(t.pending) > 0
	for _, part := range []struct {
		name   string
		wanted bool
		run    func(context.Context, string) error
	}{
		{"runner", pending && t.Only == Everything && t.Guard != nil && t.stopped == nil && t.refusal == nil, t.guarded},
		{"observed", pending, t.observed},
		{"challenged", pending && t.Only == Everything && !t.needNoRows(), t.challenged},
	} {
		if !part.wanted {
			continue
		}
		if err := t.timed(ctx, part.name, t.base, part.run); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// needNoRows tells whether the migrations touch no table that was there, so
// that no row makes a difference.
func (t *trial) needNoRows() bool { return t.touched != nil && len(t.touched) == 0 }

// makeStandIn creates the database that the migrations name when they mean the
// one they run in, so that grants on it succeed.
func (t *trial) makeStandIn(ctx context.Context, name string) error {
	err := t.Server.CreateDatabaseAs(ctx, name)
	if err != nil && t.Server.External() {
		return fmt.Errorf("the migrations name their database, %s: %w; leave --database-url out", name, err)
	}
	return err
}

// blocked tells whether all migrations in a row cannot come to an end either:
// something stopped the new ones, or the tool refuses the folder as it is.
func (t *trial) blocked() bool {
	_, err := t.Source.Runner.Pending(nil, t.Source.Head)
	var refusal *source.Refusal
	return errors.As(err, &refusal) || t.noBase || t.stopped != nil || slices.ContainsFunc(t.Source.Head, isOpaque)
}

// timed is within, and tells how long it took.
func (t *trial) timed(ctx context.Context, name, template string, f func(ctx context.Context, database string) error) error {
	start := time.Now()
	defer func() { t.Timed(name, time.Since(start)) }()
	return t.within(ctx, name, template, f)
}

// within runs f in a new database and puts the cluster back as it was. After
// the deadline the server is gone, or drops what is left itself.
func (t *trial) within(ctx context.Context, name, template string, f func(ctx context.Context, database string) error) error {
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

// maxMessage is the longest message that is taken from the server, in bytes: a
// row or a notice can have a gigabyte.
const maxMessage = 64 << 20

// connect opens a session as the tool does, as the owner, who runs migrations:
// what role and database are set to holds in it. No other session is like it.
// onNotice may be nil.
func (t *trial) connect(ctx context.Context, database string, onNotice pgconn.NoticeHandler) (*pgx.Conn, error) {
	config := t.Server.Config(postgres.Owner, database)
	t.sessions(config)
	config.OnNotice = onNotice
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	conn.PgConn().Frontend().SetMaxBodyLen(maxMessage)
	return conn, nil
}

// fill puts rows into the tables that the migrations touch.
func (t *trial) fill(ctx context.Context, database string, set rows.Set) ([]rows.Filled, error) {
	if t.needNoRows() {
		return nil, nil
	}
	o := rows.Options{Set: set, Tables: t.touched}
	if table := t.Source.Runner.Table(); table != "" {
		o.Exclude = []string{string(table)}
	}
	return t.fillAs(ctx, database, o)
}

// fillAs fills tables in a session of the filler, under the search path that the
// tool's sessions have.
func (t *trial) fillAs(ctx context.Context, database string, o rows.Options) (filled []rows.Filled, err error) {
	if err := t.putFillerBack(ctx); err != nil {
		return nil, err
	}
	if o.Path, err = t.toolPath(ctx, database); err != nil {
		return nil, err
	}
	err = t.as(ctx, postgres.Filler, database, func(conn *pgx.Conn) error {
		filled, err = rows.Fill(ctx, conn, o)
		return err
	})
	return filled, err
}

// toolPath lists the schemas in which the tool's sessions look for names.
func (t *trial) toolPath(ctx context.Context, database string) (path []string, err error) {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, "SELECT pg_catalog.current_schemas(false)::pg_catalog.text[]", pgx.QueryExecModeExec).Scan(&path)
	return path, err
}
