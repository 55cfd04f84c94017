package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/probe"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// What worked in front of the migrations is tried behind them: see package probe.

// probeTime bounds the time for probes in front of the migrations. Behind them they have
// twice as much.
const probeTime = 3 * time.Second

// unprobed begins the notes about what could not be tried.
const unprobed = "whether all that worked still does: "

// A probing is a database with rows, and a session that probes it.
type probing struct {
	database string
	session  *probe.Session
	catalog  *probe.Catalog
	rows     *probe.Rows
	reach    probe.Reach
	left     int // tables that were reached, and are too many
}

// A broken is what does not work any more behind the migrations.
type broken struct {
	baseline *probe.Baseline
	breaks   []probe.Break
	after    *probe.Catalog
}

// probed finds what the migrations break, and the statements that do.
func (t *trial) probed(ctx context.Context, b base, f faithful, seen observed) error {
	if f.stopped != nil || f.refusal != nil || len(seen.refusals) > 0 || !slices.ContainsFunc(f.pending, mayBreak) {
		return nil
	}
	found, err := runPart(ctx, t, "probed", b.database, func(ctx context.Context, database string) (broken, error) {
		var found broken
		err := t.probing(ctx, database, f, func(p *probing) (err error) {
			found, err = t.probe(ctx, f, p)
			return err
		})
		return found, err
	})
	if err != nil || len(found.breaks) == 0 {
		return t.unlessLost(err)
	}
	_, err = runPart(ctx, t, "blamed", b.database, func(ctx context.Context, database string) (struct{}, error) {
		return struct{}{}, t.probing(ctx, database, f, func(p *probing) error { return t.blame(ctx, p, f, seen, found) })
	})
	return t.unlessLost(err)
}

// unlessLost goes on where code of the database ended the session that probes it.
func (t *trial) unlessLost(err error) error {
	if !errors.Is(err, probe.ErrLost) {
		return err
	}
	t.leaveUnchecked(Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Minor: true, Reason: unprobed + "a trigger, policy or function of the database did not come to an end"})
	return nil
}

// probing fills a database and opens a session for probes.
func (t *trial) probing(ctx context.Context, database string, f faithful, use func(*probing) error) error {
	p := &probing{database: database}
	var err error
	if p.catalog, err = t.readProbed(ctx, database); err != nil {
		return err
	}
	p.reach, p.left = probe.FindReach(p.catalog, f.touched, sources(f.pending))
	if _, err := t.fillAs(ctx, database, t.tablesOf(p.reach, f)); err != nil {
		return err
	}
	err = t.inSession(ctx, t.filler(), database, func(conn *pgx.Conn) error {
		p.rows, err = probe.TakeRows(ctx, conn, p.catalog, p.reach.Tables)
		return err
	})
	if err != nil {
		return err
	}
	conn, err := t.connectProber(ctx, database)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	p.session = &probe.Session{Conn: conn}
	if p.session.As, err = t.rolesToBe(ctx, conn, p.catalog.Roles()); err != nil {
		return err
	}
	return use(p)
}

func (t *trial) readProbed(ctx context.Context, database string) (c *probe.Catalog, err error) {
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		c, err = probe.ReadCatalog(ctx, conn)
		return err
	})
	return c, err
}

// tablesOf are the tables to fill: those that probes write, and those that migrations touch.
func (t *trial) tablesOf(reach probe.Reach, f faithful) rows.Options {
	o := rows.Options{Set: rows.Benign, Tables: slices.Clone(f.touched)}
	for _, table := range reach.Tables {
		o.Tables = append(o.Tables, table.Quoted)
	}
	if o.Tables == nil {
		o.Tables = []string{} // none, and not all
	}
	if table := t.Source.Runner.Table(); table != "" {
		o.Exclude = []string{string(table)}
	}
	return o
}

// connectProber opens a session that has no rights but to become others, with the settings
// that sessions of applications have.
func (t *trial) connectProber(ctx context.Context, database string) (*pgx.Conn, error) {
	config := t.Server.Config(postgres.Prober, database)
	t.sessions(config)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect as %s: %w", postgres.Prober, err)
	}
	conn.PgConn().Frontend().SetMaxBodyLen(maxMessage)
	return conn, nil
}

// rolesToBe lets the session become roles. On a server of the user it becomes those that
// it may, and is no PUBLIC.
func (t *trial) rolesToBe(ctx context.Context, conn *pgx.Conn, roles []string) (func(string) (quote.SQL, bool), error) {
	var may []string
	if t.Server.External() {
		err := conn.QueryRow(ctx, "SELECT pg_catalog.array_agg(rolname::pg_catalog.text) FROM pg_catalog.pg_roles WHERE pg_catalog.pg_has_role(oid, 'MEMBER')", pgx.QueryExecModeExec).Scan(&may)
		if err != nil {
			return nil, fmt.Errorf("read what roles probes may have: %w", err)
		}
	} else {
		may = roles
		err := t.Server.Admin(ctx, func(conn *pgx.Conn) error { return grantAll(ctx, conn, roles) })
		if err != nil {
			return nil, err
		}
	}
	public := !t.Server.External()
	return func(role string) (quote.SQL, bool) {
		if role == "" {
			return "SET LOCAL ROLE NONE", public
		}
		return "SET LOCAL ROLE " + quote.Name(role), slices.Contains(may, role)
	}, nil
}

// grantAll makes the prober a member of roles. What is made one here ends with the part:
// roles are put back then.
func grantAll(ctx context.Context, conn *pgx.Conn, roles []string) error {
	for _, role := range roles {
		if role == postgres.SuperuserName {
			continue
		}
		if err := session.Execute(ctx, conn, "GRANT "+quote.Name(role)+" TO "+quote.Name(postgres.ProberName)); err != nil {
			return fmt.Errorf("let probes run as %s: %w", role, err)
		}
	}
	return nil
}

// probe runs the probes in front of the migrations and behind them.
func (t *trial) probe(ctx context.Context, f faithful, p *probing) (found broken, err error) {
	plan := probe.Plan(p.catalog, p.reach, p.rows)
	if found.baseline, err = p.session.Run(ctx, p.catalog, p.rows, plan, after(t.probeTime())); err != nil {
		return found, err
	}
	r, _, err := t.runAll(ctx, p.database, f.pending, t.Source.Runner.Record)
	if err != nil {
		return found, err
	}
	if r != nil { // by rows of tables that the other parts do not fill
		t.leaveUnchecked(Unchecked{Path: r.Migration.Path, Start: placeOf(r), Minor: true, Reason: unprobed + "with rows in all tables that they can reach, the migrations are refused: " + describeRefusal(r.Err)})
		return found, nil
	}
	if found.after, err = t.readProbed(ctx, p.database); err != nil {
		return found, err
	}
	var left int
	found.breaks, left, err = p.session.Again(ctx, found.baseline, found.baseline.Passed, found.after, after(2*t.probeTime()))
	t.noteLeft(found.baseline.Left+left, len(plan), p.left)
	t.Log("probed what worked before the new migrations: %d reads and writes; %d do not any more, %d did not before", len(found.baseline.Passed), len(found.breaks), found.baseline.Failed)
	return found, err
}

func (t *trial) probeTime() time.Duration { return cmp.Or(t.ProbeTime, probeTime) }

// after returns a function that tells when some time has passed.
func after(d time.Duration) func() bool {
	end := time.Now().Add(d)
	return func() bool { return time.Now().After(end) }
}

func (t *trial) noteLeft(left, all, tables int) {
	var parts []string
	if left > 0 {
		parts = append(parts, fmt.Sprintf("of %s, %d were left out for want of time", noun.Count(all, "probe"), left))
	}
	if tables > 0 {
		parts = append(parts, noun.Count(tables, "table")+" more than are probed can be reached by the migrations")
	}
	if len(parts) > 0 {
		t.leaveUnchecked(Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Minor: true, Reason: unprobed + strings.Join(parts, ", and ")})
	}
}

// sources are the texts of migrations, as far as they are SQL.
func sources(pending []*lint.Migration) (texts []string) {
	for _, m := range pending {
		for _, s := range m.Statements() {
			texts = append(texts, s.SQL)
		}
	}
	return texts
}

// mayBreak reports whether a migration has a statement that can keep what works from working.
func mayBreak(m *lint.Migration) bool { return slices.ContainsFunc(m.Statements(), canBreak) }

func canBreak(s *lint.Statement) bool {
	n := s.Node
	switch {
	case n == nil:
		return true
	case n.GetCreateStmt() != nil, n.GetIndexStmt() != nil, n.GetCommentStmt() != nil, n.GetInsertStmt() != nil, n.GetSelectStmt() != nil,
		n.GetCreateSchemaStmt() != nil, n.GetCreateEnumStmt() != nil, n.GetCreateExtensionStmt() != nil, n.GetCreateSeqStmt() != nil,
		n.GetUpdateStmt() != nil, n.GetDeleteStmt() != nil, n.GetTransactionStmt() != nil, n.GetVariableSetStmt() != nil, n.GetVacuumStmt() != nil:
		return false
	}
	return true
}
