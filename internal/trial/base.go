package trial

import (
	"cmp"
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// A base is the database that production has.
type base struct {
	database string
	refused  *session.Refused // what the history itself stops at; nil when it applies
	before   *session.Refused // what a folder before it stops at; nil when they apply
}

// complete tells whether all ran that comes before the new migrations.
func (b base) complete() bool { return b.refused == nil && b.before == nil }

// buildBase makes the database that production has: the base branch's
// migrations, each committed before the next, as history deployed them.
func (t *trial) buildBase(ctx context.Context, database string) (base, error) {
	b := base{database: database}
	if err := t.installObserver(ctx, database); err != nil {
		return b, err
	}
	if t.BaseSchema != nil {
		return b, t.restore(ctx, database)
	}
	var err error
	if b.before, err = t.precede(ctx, database); b.before != nil || err != nil {
		return b, err
	}
	b.refused, err = t.replayBase(ctx, database)
	return b, err
}

// replayBase runs the base's migrations, and returns what they stop at.
func (t *trial) replayBase(ctx context.Context, database string) (*session.Refused, error) {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := session.Execute(ctx, conn, t.Source.Runner.Setup()); err != nil {
		return nil, fmt.Errorf("create the history table of %s: %w", t.Source.Tool, err)
	}
	t.Log("applying %d migrations of the base", len(t.Source.History.Base))
	for _, m := range t.Source.History.Base {
		r, err := t.replay(ctx, conn, m, t.Source.Runner)
		if err != nil {
			return nil, fmt.Errorf("apply the base: %w", session.InMigration(m, err))
		}
		if r == nil {
			continue
		}
		if r, err = t.replayRepaired(ctx, replayed{database, conn}, r); r != nil || err != nil {
			return r, err
		}
	}
	return nil, nil
}

// A replayed is a database in which migrations of the base have run.
type replayed struct {
	database string
	conn     *pgx.Conn
}

func (t *trial) installObserver(ctx context.Context, database string) error {
	err := t.asSuperuser(ctx, database, func(conn *pgx.Conn) error { return observe.Install(ctx, conn) })
	if err != nil {
		return fmt.Errorf("install the observer: %w", err)
	}
	return nil
}

// baseFails is about a history that nobody can replay: nothing new was tried.
func (t *trial) baseFails(ctx context.Context, b base) error {
	t.noteMissing(b.refused)
	if why := t.foreignBase(b.refused); why != "" {
		t.notTried(b.refused.Migration.Path, startOf(b.refused.Migration, b.refused.Statement), why)
		return nil
	}
	if err := t.unlessStandIn(b.refused); err != nil {
		return err
	}
	why, err := t.lackOf(ctx, b.database, b.refused)
	if err != nil {
		return err
	}
	why = cmp.Or(why, t.guardLack(b.refused))
	if why == "" {
		why = describeRefusal(b.refused.Err) + t.hintOf(b.refused)
	}
	mend, err := t.mendHint(ctx, b)
	if err != nil {
		return err
	}
	t.notTried(b.refused.Migration.Path, startOf(b.refused.Migration, b.refused.Statement), t.whoFails(b.refused.Migration)+", so nothing new was tried: "+why+mend)
	return nil
}

// whoFails says of a history what of it is refused.
func (t *trial) whoFails(m *lint.Migration) string {
	if t.isRepair(m) {
		return "the new text of " + m.Name + " does not apply"
	}
	return "the base branch's own migrations do not apply"
}

// foreignBase is about a history that PostgreSQL does not take since it is for another
// database: no dump of that one would help.
func (t *trial) foreignBase(r *session.Refused) string {
	if r.Statement == nil || r.Err.SQLState != syntaxError && r.Err.SQLState != undefinedType {
		return ""
	}
	database := source.ForeignTo(r.Statement.SQL)
	if database == "" {
		return ""
	}
	return fmt.Sprintf("the base branch's own migrations have the syntax of %s, so nothing new was tried: %s; migvet checks PostgreSQL, so if the folder is for %s, %s",
		database, describeRefusal(r.Err), database, t.Source.Place.Without(t.Source.Dir))
}

const undefinedType = "42704"

// mendHint offers what helps whatever a history was refused for: to correct what cannot have
// run, or a dump.
func (t *trial) mendHint(ctx context.Context, b base) (string, error) {
	lacking, err := t.lackingExtension(ctx, b.refused)
	if lacking != "" || err != nil {
		return "", err
	}
	certain, err := t.cannotHaveRun(ctx, b.database, b.refused)
	if err != nil {
		return "", err
	}
	if certain && !t.isRepair(b.refused.Migration) {
		return "; it cannot have run on what the migrations before it make, so correct it in its file, which is taken for a repair" + t.hintOfDump(b.refused), nil
	}
	return t.hintOfDump(b.refused), nil
}

// hintOfDump offers a dump in the place of a history that does not run. What a server lacks
// it lacks for the dump too: that creates the same extension.
func (t *trial) hintOfDump(r *session.Refused) string {
	if _, missing := extensionMissing(r); missing || t.isRepair(r.Migration) {
		return ""
	}
	return "; where they cannot be replayed, base-schema: FILE.sql in .migvet.yml gives a dump of the schema in their place (pg_dump --schema-only)" + t.hintOfLeftover(r.Migration)
}

// startOf returns the byte of the file where a statement begins; lint.NoPos
// without one.
func startOf(m *lint.Migration, s *lint.Statement) int {
	if s == nil {
		return lint.NoPos
	}
	return m.Place(s).Start
}

// notTried is about what keeps everything new from being tried.
func (t *trial) notTried(path string, start int, why string) {
	t.leaveUnchecked(Unchecked{Path: path, Start: start, Reason: why})
	for _, m := range t.fresh {
		t.result.Outcomes = append(t.result.Outcomes, Outcome{Migration: m, Applied: NotRun})
	}
}

// replay applies a migration that production already has, the fastest way that
// gives the same schema.
func (t *trial) replay(ctx context.Context, conn *pgx.Conn, m *lint.Migration, runner source.Runner) (*session.Refused, error) {
	if m.Tx != lint.TxNone && !ownTransactions.MatchString(m.Source) {
		err := session.Execute(ctx, conn, inOneMessage(ctx, m, runner.Record(m)))
		if session.Refusal(err) == nil {
			return nil, err
		}
		if err := session.Rollback(ctx, conn); err != nil {
			return nil, err
		}
	}
	return t.replayStepwise(ctx, conn, m, runner)
}

func inOneMessage(ctx context.Context, m *lint.Migration, record quote.SQL) quote.SQL {
	parts := []quote.SQL{"BEGIN"}
	for i := range m.Chunks {
		parts = append(parts, session.ChunkSQL(ctx, m, i))
	}
	return quote.Join(append(parts, record, "COMMIT"), "\n;\n")
}

// replayStepwise sends chunk by chunk. What refuses to run in a transaction, or uses what one
// has not committed, ran by hand in production, or by a runner that opens none, so it runs
// statement by statement here.
func (t *trial) replayStepwise(ctx context.Context, conn *pgx.Conn, m *lint.Migration, runner source.Runner) (*session.Refused, error) {
	if m.Tx != lint.TxNone {
		if err := session.Execute(ctx, conn, "BEGIN"); err != nil {
			return nil, err
		}
	}
	for i := range m.Chunks {
		r, err := session.Send(ctx, conn, m, i)
		if err != nil {
			return nil, err
		}
		if r != nil && (r.Err.SQLState == session.ActiveTransaction || r.Err.SQLState == unsafeNewValue) {
			return t.replayByHand(ctx, conn, m, runner)
		}
		if r != nil {
			return r, session.Rollback(ctx, conn)
		}
	}
	if r, err := noteBase(ctx, conn, m, runner); r != nil || err != nil {
		return r, err
	}
	return session.Commit(ctx, conn, m)
}

func (t *trial) replayByHand(ctx context.Context, conn *pgx.Conn, m *lint.Migration, runner source.Runner) (*session.Refused, error) {
	if err := session.Rollback(ctx, conn); err != nil {
		return nil, err
	}
	for _, s := range m.Statements() {
		pe, err := session.Attempt(ctx, conn, s)
		if pe != nil {
			return &session.Refused{Migration: m, Statement: s, Err: session.SQLError(pe, s.SQL, s.Start)}, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return noteBase(ctx, conn, m, runner)
}

// noteBase notes a migration of the base branch as the tool does.
func noteBase(ctx context.Context, conn *pgx.Conn, m *lint.Migration, runner source.Runner) (*session.Refused, error) {
	err := session.Execute(ctx, conn, runner.Record(m))
	if r := session.RefusedRow(m, err); r != nil {
		return r, session.Rollback(ctx, conn)
	}
	return nil, err
}

// ownTransactions matches files that may end a transaction themselves, refuse
// to be in one, or wait for data.
var ownTransactions = lazyregexp.New(`(?i)\b(stdin|concurrently|commit|rollback|vacuum|abort|end\s+transaction)\b`)
