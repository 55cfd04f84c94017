// Package observe runs statements one at a time on a server and tells what each
// did, as a [lint.Effect]: what it locked, read in full, wrote anew, made, changed
// and took away.
//
// Nothing is derived from the statement's text that can be asked. A snapshot of the
// catalogs, locks and counters is taken before and after it, by functions of
// observe.sql in the watched session itself; event triggers tell what DDL made and
// dropped. Statements that refuse transactions are the exception: their locks are
// gone before anybody can ask, so a table says what they are (outside_tx.go).
package observe

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

//go:embed observe.sql
var observeSQL quote.SQL

// Install makes the functions and event triggers that observers need in a database
// and its copies. It needs a session as a superuser.
func Install(ctx context.Context, conn *pgx.Conn) error {
	return session.Execute(ctx, conn, observeSQL)
}

// An Observer runs statements one by one in a session and tells what each did.
type Observer struct {
	conn    *pgx.Conn
	notices *Notices
	version string
	old     map[int64]relation // what existed before the migrations under review
	rows    map[int64]int64    // how many rows those hold
	history string             // the tool's history table, never told of
	hidden  bool               // something kept it from seeing a statement
}

// New watches conn, which must have been opened with the handler of notices.
// version is the server's, history the "schema.name" of the migration tool's own
// table, which effects leave out; "" for none. Objects that exist now count as old.
func New(ctx context.Context, conn *pgx.Conn, notices *Notices, version, history string) (*Observer, error) {
	o := &Observer{conn: conn, notices: notices, version: version, history: history}
	s, err := takeSnapshot(ctx, conn)
	if err != nil {
		return nil, err
	}
	o.old = s.relations
	return o, askServer(ctx, conn, &o.rows, "migvet_counts()")
}

// A view is what one statement may change, read before it or after it.
type view struct {
	snapshot snapshot
	schema   *lint.Schema
}

// Hidden reports whether something kept the observer from seeing a statement: effects
// that are incomplete for another reason than what the statement is.
func (o *Observer) Hidden() bool { return o.hidden }

// Statement executes one statement and returns what it did, also when that was not
// all seen, and the server's refusal. The error is a failure to observe. A
// migration that keeps the server from telling is run all the same, and the
// effect is incomplete.
func (o *Observer) Statement(ctx context.Context, s *lint.Statement) (*lint.Effect, *pgconn.PgError, error) {
	e := &lint.Effect{Postgres: o.version}
	pe, err := o.watch(ctx, s, e)
	return e, pe, err
}

func (o *Observer) watch(ctx context.Context, s *lint.Statement, e *lint.Effect) (*pgconn.PgError, error) {
	names, ok := namesIn(s)
	if !ok {
		names = nil
	}
	outside := !session.InTransaction(o.conn)
	e.CommitsItself = outside
	was, values, err := o.lookBefore(ctx, s, names)
	if err := o.blind(e, err); err != nil {
		return nil, err
	}
	e.Before = was.schema
	pe, err := o.execute(ctx, s, e)
	if err != nil || pe != nil && !outside {
		return pe, err
	}
	is, err := o.lookAfter(ctx, names)
	if err := o.blind(e, err); err != nil {
		return pe, err
	}
	e.After = is.schema
	o.addObjects(e, values)
	e.Reached = o.notices.reached
	if e.Incomplete != "" || pe != nil {
		return pe, nil
	}
	now := o.rowsBehind(was.snapshot, is.snapshot)
	if outside {
		now, err = o.recount(ctx)
		if err := o.blind(e, err); err != nil {
			return nil, err
		}
	}
	o.compare(s, e, was.snapshot, is.snapshot, now)
	if outside {
		o.lockOutside(s, e, was.snapshot)
	}
	e.Called, err = o.called(ctx, was.snapshot, is.snapshot)
	if err := o.blind(e, err); err != nil {
		return nil, err
	}
	if missed := values.missed(e); missed != "" {
		markIncomplete(e, missed)
	}
	e.Changed, err = values.changed(ctx, o.conn, e.Before)
	return nil, o.blind(e, err)
}

// blind marks the effect as incomplete when the server refuses to answer the
// observer. It returns all other errors.
func (o *Observer) blind(e *lint.Effect, err error) error {
	pe := session.Refusal(err)
	if pe == nil {
		return err
	}
	o.hidden = true
	markIncomplete(e, fmt.Sprintf("what this statement does was not observed: the session can no longer be asked (%s)", pe.Message))
	return nil
}

func markIncomplete(e *lint.Effect, reason string) {
	switch e.Incomplete {
	case "", reason:
		e.Incomplete = reason
	default:
		e.Incomplete += "; " + reason
	}
}

func (o *Observer) lookBefore(ctx context.Context, s *lint.Statement, names []name) (view, held, error) {
	var v view
	var err error
	if v.schema, err = readSchema(ctx, o.conn, names, o.old); err != nil {
		return v, held{}, err
	}
	if names == nil {
		o.addRowCounts(v.schema)
	}
	values, err := o.hold(ctx, s, names, v.schema)
	if err != nil {
		return v, values, err
	}
	v.snapshot, err = takeSnapshot(ctx, o.conn)
	return v, values, err
}

// addRowCounts notes how many rows tables hold in a schema that was read for code,
// which names none.
func (o *Observer) addRowCounts(schema *lint.Schema) {
	held := map[string]int64{}
	for oid, r := range o.old {
		held[r.qname()] = o.rows[oid]
	}
	for _, t := range schema.Tables {
		if !t.New {
			t.Rows = held[t.QName()]
		}
	}
}

// lookAfter takes the snapshot first: reading the schema counts rows, which
// would look like a scan by the statement.
func (o *Observer) lookAfter(ctx context.Context, names []name) (v view, err error) {
	if v.snapshot, err = takeSnapshot(ctx, o.conn); err != nil {
		return v, err
	}
	v.schema, err = readSchema(ctx, o.conn, names, o.old)
	return v, err
}

func (o *Observer) execute(ctx context.Context, s *lint.Statement, e *lint.Effect) (*pgconn.PgError, error) {
	o.notices.reset()
	start := time.Now()
	pe, err := session.Attempt(ctx, o.conn, s)
	e.Duration = time.Since(start)
	e.Notices = o.notices.notices
	if pe == nil {
		return nil, err
	}
	e.Err = session.SQLError(pe, s.SQL, s.Start)
	return pe, nil
}

func (o *Observer) addObjects(e *lint.Effect, values held) {
	e.Created = o.notices.created()
	e.Altered = o.notices.altered(e.Created)
	e.Dropped = o.notices.droppedObjects()
	if o.notices.untold {
		o.hidden = true
		markIncomplete(e, "what was created, altered and dropped was observed in part: an event trigger could not tell")
	}
	for i := range e.Dropped {
		values.lost(&e.Dropped[i])
	}
}
