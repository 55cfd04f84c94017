package trial

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
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
	o := &observer{conn: conn, messages: m, version: version, history: history, rows: map[int64]int64{}}
	s, err := takeSnapshot(ctx, conn)
	if err != nil {
		return nil, err
	}
	o.old = s.relations
	return o, o.countRows(ctx)
}

func (o *observer) countRows(ctx context.Context) error {
	rows, err := o.conn.Query(ctx,
		"SELECT oid::pg_catalog.int8, pg_catalog.migvet_count(oid) FROM pg_catalog.pg_class WHERE oid >= 16384 AND relkind IN ('r', 'm')",
		pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	var oid, n int64
	_, err = pgx.ForEachRow(rows, []any{&oid, &n}, func() error {
		o.rows[oid] = n
		return nil
	})
	if err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	return nil
}

// run executes one statement and fills s.Effect. It returns the server's
// refusal; the error is a failure to observe.
func (o *observer) run(ctx context.Context, s *lint.Statement) (*pgconn.PgError, error) {
	names, ok := namesIn(s)
	if !ok {
		names = nil
	}
	e := &lint.Effect{Postgres: o.version}
	s.Effect = e
	var err error
	if e.Before, err = readSchema(ctx, o.conn, names, o.old); err != nil {
		return nil, err
	}
	values, err := o.valuesToLose(ctx, s, e.Before)
	if err != nil {
		return nil, err
	}
	before, err := takeSnapshot(ctx, o.conn)
	if err != nil {
		return nil, err
	}
	if pe, err := o.execute(ctx, s, e); pe != nil || err != nil {
		return pe, err
	}
	after, err := takeSnapshot(ctx, o.conn)
	if err != nil {
		return nil, err
	}
	o.compare(s, e, before, after)
	o.tellDropped(e, values)
	e.After, err = readSchema(ctx, o.conn, names, o.old)
	return nil, err
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
	}
	slices.SortFunc(e.Locks, compareLocks)
	slices.Sort(e.Rewritten)
	slices.Sort(e.Scanned)
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
	if was.File == is.File || was.File == 0 || s.Node.GetTruncateStmt() != nil {
		return false
	}
	if was.index() {
		return before.relations[was.Table].File == after.relations[was.Table].File
	}
	if _, code := s.Node.GetNode().(*pg.Node_DoStmt); code || s.Node == nil {
		return o.messages.rewritten[was.OID]
	}
	return was.Kind == "r" || was.Kind == "m"
}

// wasScanned counts full reads. What DML reads depends on the plan for a tiny
// table and says nothing about a large one.
func (o *observer) wasScanned(s *lint.Statement, was, is relation) bool {
	switch s.Node.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt, *pg.Node_CopyStmt:
		return false
	}
	return is.Scans > was.Scans && is.Read-was.Read >= o.rows[was.OID]
}

// valuesToLose counts what DROP COLUMN would lose: by "schema.table.column".
func (o *observer) valuesToLose(ctx context.Context, s *lint.Statement, before *lint.Schema) (map[string]int64, error) {
	values := map[string]int64{}
	alter := s.Node.GetAlterTableStmt()
	if alter == nil {
		return values, nil
	}
	t := before.Find(alter.Relation.GetSchemaname(), alter.Relation.GetRelname())
	if t == nil {
		return values, nil
	}
	for _, cmd := range alter.Cmds {
		c := cmd.GetAlterTableCmd()
		if c.GetSubtype() != pg.AlterTableType_AT_DropColumn {
			continue
		}
		var n int64
		err := o.conn.QueryRow(ctx,
			"SELECT pg_catalog.migvet_count(pg_catalog.to_regclass(pg_catalog.format('%I.%I', $1::pg_catalog.text, $2::pg_catalog.text)), $3::pg_catalog.text)",
			pgx.QueryExecModeSimpleProtocol, t.Schema, t.Name, c.Name).Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("count values: %w", err)
		}
		values[t.QName()+"."+c.Name] = n
	}
	return values, nil
}

func (o *observer) tellDropped(e *lint.Effect, values map[string]int64) {
	e.Created, e.Altered = o.messages.commandObjects(true), o.messages.commandObjects(false)
	e.Dropped = o.messages.droppedObjects()
	for i, d := range e.Dropped {
		switch d.Kind {
		case "table":
			e.Dropped[i].Values = o.rowsOf(d.Name)
		case "table column":
			e.Dropped[i].Values = values[d.Name]
		}
	}
}

func (o *observer) rowsOf(qname string) int64 {
	for oid, r := range o.old {
		if r.qname() == qname {
			return o.rows[oid]
		}
	}
	return 0
}

// watchNotices is the handler a connection must be opened with.
func watchNotices(m *messages) pgconn.NoticeHandler {
	return func(_ *pgconn.PgConn, n *pgconn.Notice) { m.receive(n) }
}
