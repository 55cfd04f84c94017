package trial

import (
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

//go:embed observe.sql
var observeSQL string

// An observer runs statements one by one in a session and tells what each did.
type observer struct {
	conn     *pgx.Conn
	messages *messages
	version  string
	old      map[int64]relation // what existed before the migrations under review
	rows     map[int64]int64    // how many rows those hold
	history  string             // the tool's history table, never told of
}

// newObserver watches conn, which must have been opened with m.receive as its
// notice handler.
func newObserver(ctx context.Context, conn *pgx.Conn, m *messages, version, history string) (*observer, error) {
	o := &observer{conn: conn, messages: m, version: version, history: history}
	s, err := takeSnapshot(ctx, conn)
	if err != nil {
		return nil, err
	}
	o.old = s.relations
	return o, ask(ctx, conn, &o.rows, "migvet_counts()")
}

// A view is what one statement may change, read before it or after it.
type view struct {
	snapshot snapshot
	schema   *lint.Schema
}

// run executes one statement and fills s.Effect. It returns the server's
// refusal; the error is a failure to observe. A migration that keeps the server
// from telling is run all the same, and the effect is incomplete.
func (o *observer) run(ctx context.Context, s *lint.Statement) (*pgconn.PgError, error) {
	names, ok := namesIn(s)
	if !ok {
		names = nil
	}
	e := &lint.Effect{Postgres: o.version}
	s.Effect = e
	outside := !inTransaction(o.conn)
	was, values, err := o.lookBefore(ctx, s, names)
	if err := blind(e, err); err != nil {
		return nil, err
	}
	e.Before = was.schema
	pe, err := o.execute(ctx, s, e)
	if err != nil || pe != nil && !outside {
		return pe, err
	}
	is, err := o.lookAfter(ctx, names)
	if err := blind(e, err); err != nil {
		return pe, err
	}
	e.After = is.schema
	o.tellObjects(e, values)
	if e.Incomplete != "" || pe != nil {
		return pe, nil
	}
	o.compare(s, e, was.snapshot, is.snapshot)
	if outside {
		o.lockOutside(s, e, was.snapshot)
	}
	e.Changed, err = values.changed(ctx, o.conn)
	return nil, blind(e, err)
}

// blind takes the server's refusal to tell for what it is. Other errors remain.
func blind(e *lint.Effect, err error) error {
	pe := refusal(err)
	if pe == nil {
		return err
	}
	incomplete(e, fmt.Sprintf("what this statement does was not observed: the session can no longer be asked (%s)", pe.Message))
	return nil
}

func incomplete(e *lint.Effect, reason string) {
	switch e.Incomplete {
	case "", reason:
		e.Incomplete = reason
	default:
		e.Incomplete += "; " + reason
	}
}

func (o *observer) lookBefore(ctx context.Context, s *lint.Statement, names []name) (view, held, error) {
	values, err := o.hold(ctx, s, names)
	if err != nil {
		return view{}, held{}, err
	}
	v := view{}
	if v.schema, err = readSchema(ctx, o.conn, names, o.old); err != nil {
		return v, values, err
	}
	v.snapshot, err = takeSnapshot(ctx, o.conn)
	return v, values, err
}

// lookAfter takes the snapshot first: reading the schema counts rows, which
// would look like a scan by the statement.
func (o *observer) lookAfter(ctx context.Context, names []name) (v view, err error) {
	if v.snapshot, err = takeSnapshot(ctx, o.conn); err != nil {
		return v, err
	}
	v.schema, err = readSchema(ctx, o.conn, names, o.old)
	return v, err
}

func (o *observer) execute(ctx context.Context, s *lint.Statement, e *lint.Effect) (*pgconn.PgError, error) {
	o.messages.reset()
	start := time.Now()
	pe, err := attempt(ctx, o.conn, s)
	e.Duration = time.Since(start)
	e.Notices = o.messages.notices
	if pe == nil {
		return nil, err
	}
	e.Err = sqlError(pe, s.SQL, s.Start)
	return pe, nil
}

// compare derives locks, rewrites and scans from two snapshots.
func (o *observer) compare(s *lint.Statement, e *lint.Effect, before, after snapshot) {
	if !before.armed || !after.armed {
		incomplete(e, "what was created, altered and dropped was not observed: the migrations switched off the event triggers that tell")
	}
	for oid, mode := range after.locks {
		r, existed := o.old[oid]
		if !existed || o.isHistory(r) || mode.Strength() <= before.locks[oid].Strength() {
			continue
		}
		e.Locks = append(e.Locks, lint.Lock{Object: current(r, before).qname(), Mode: mode, Index: r.index()})
	}
	for oid, was := range before.relations {
		is, still := after.relations[oid]
		if !still {
			is, still = after.rebuilt(was)
		}
		if _, existed := o.old[oid]; !existed || !still || o.isHistory(was) {
			continue
		}
		if o.wasRewritten(s, was, is, before, after) {
			e.Rewritten = append(e.Rewritten, was.qname())
		}
		if o.wasScanned(s, was, is) {
			e.Scanned = append(e.Scanned, was.qname())
		}
		if n := o.lostRows(was, is); n > 0 {
			e.Lost = append(e.Lost, lint.RowLoss{Table: was.qname(), Rows: n})
		}
		o.rows[oid] = o.rowsNow(was, is)
	}
	o.countRebuilt(e, before, after)
	slices.SortFunc(e.Locks, compareLocks)
	slices.Sort(e.Rewritten)
	slices.Sort(e.Scanned)
	slices.SortFunc(e.Lost, func(a, b lint.RowLoss) int { return strings.Compare(a.Table, b.Table) })
}

// current is the relation under the name it had when the statement began.
func current(r relation, before snapshot) relation {
	if now, ok := before.relations[r.OID]; ok {
		return now
	}
	return r
}

func compareLocks(a, b lint.Lock) int {
	if a.Mode != b.Mode {
		return b.Mode.Strength() - a.Mode.Strength()
	}
	return slices.Compare([]string{a.Object}, []string{b.Object})
}

func (o *observer) isHistory(r relation) bool { return r.qname() == o.history }

// wasRewritten tells a rewrite from TRUNCATE, which changes the file too, and
// leaves out indexes that were rebuilt with their table.
func (o *observer) wasRewritten(s *lint.Statement, was, is relation, before, after snapshot) bool {
	if was.File == is.File || was.File == 0 || s.Node.GetTruncateStmt() != nil || o.emptied(was, is) {
		return false
	}
	if was.index() {
		return before.relations[was.Table].File == after.relations[was.Table].File
	}
	return was.storesRows() && (!runsCode(s) || slices.Contains(o.messages.rewritten, was.OID) || !is.Empty)
}

// emptied tells whether a table with rows got a file without any.
func (o *observer) emptied(was, is relation) bool {
	return was.Kind == "r" && was.File != is.File && is.Empty && o.rows[was.OID] > 0
}

// lostRows counts the rows that TRUNCATE or DELETE took, foreign keys with ON
// DELETE CASCADE included.
func (o *observer) lostRows(was, is relation) int64 {
	switch {
	case o.emptied(was, is):
		return o.rows[was.OID]
	case was.Kind == "r":
		return is.Deleted - was.Deleted
	}
	return 0
}

func (o *observer) rowsNow(was, is relation) int64 {
	switch {
	case o.emptied(was, is):
		return 0
	case was.Kind != "r":
		return o.rows[was.OID]
	}
	return max(0, o.rows[was.OID]+is.Inserted-was.Inserted-(is.Deleted-was.Deleted))
}

// countRebuilt counts the indexes that were built again with their table.
func (o *observer) countRebuilt(e *lint.Effect, before, after snapshot) {
	for oid, was := range before.relations {
		table, ok := before.relations[was.Table]
		if !was.index() || !ok || !e.DidRewrite(table.qname()) {
			continue
		}
		is, still := after.relations[oid]
		if !still {
			is, still = after.rebuilt(was)
		}
		if still && is.File != was.File {
			if e.Rebuilt == nil {
				e.Rebuilt = map[string]int{}
			}
			e.Rebuilt[table.qname()]++
		}
	}
}

// wasScanned counts full reads. What DML reads depends on the plan for a tiny
// table and says nothing about a large one.
func (o *observer) wasScanned(s *lint.Statement, was, is relation) bool {
	if readsByPlan(s) {
		return false
	}
	return was.storesRows() && is.Scans > was.Scans && is.Read-was.Read >= o.rows[was.OID]
}

// readsByPlan tells whether the planner decides how the statement reads. Newer
// forms of it may be unknown to the parser.
func readsByPlan(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt, *pg.Node_CopyStmt:
		return true
	case nil:
		return planned.MatchString(s.SQL)
	}
	return false
}

var planned = regexp.MustCompile(`(?i)^(select|insert|update|delete|merge|with|copy)\b`)

// runsCode tells whether what the statement does stands elsewhere than in its
// text.
func runsCode(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt,
		*pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		return true
	}
	return false
}

func (o *observer) tellObjects(e *lint.Effect, values held) {
	e.Created = o.messages.created()
	e.Altered = o.messages.altered(e.Created)
	e.Dropped = o.messages.droppedObjects()
	if o.messages.untold {
		incomplete(e, "what was created, altered and dropped was observed in part: an event trigger could not tell")
	}
	for i := range e.Dropped {
		values.lost(&e.Dropped[i])
	}
}

// watchNotices is the handler a connection must be opened with.
func watchNotices(m *messages) pgconn.NoticeHandler {
	return func(_ *pgconn.PgConn, n *pgconn.Notice) { m.receive(n) }
}
