package probe

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
)

// A Session runs probes.
type Session struct {
	Conn *pgx.Conn
	// As becomes a role for the rest of a transaction; false when the session may not.
	As func(role string) (quote.SQL, bool)
}

// One probe may take this long: the server's own limit, and ours where code keeps the
// server from heeding it.
const (
	patience  = "1s"
	impatient = 3 * time.Second
)

// ErrLost is of a session that code in the database has kept, or ended.
var ErrLost = errors.New("the session was lost in a probe")

// A verdict is what came of a script.
type verdict struct {
	ran  bool  // the probe itself was reached
	rows int64 // that it wrote, or read
	err  *pgconn.PgError
}

func (v verdict) passed() bool { return v.ran && v.err == nil }

// run runs one script in a transaction, and rolls it back.
func (s *Session) run(ctx context.Context, p script, role string) (verdict, error) {
	messages, ok := s.messages(p, role)
	if !ok {
		return verdict{}, nil
	}
	ctx, done := context.WithTimeout(ctx, impatient)
	defer done()
	if p.prepared {
		return s.prepare(ctx, messages[:len(messages)-2], p.sql)
	}
	at := len(messages) - 2 // in front of SET CONSTRAINTS
	results, err := s.Conn.PgConn().Exec(ctx, quote.Join(messages, "; ").ForServer()).ReadAll()
	refusal := session.Refusal(err)
	if err != nil && refusal == nil {
		return verdict{}, errors.Join(ErrLost, err)
	}
	if err := session.Rollback(ctx, s.Conn); err != nil {
		return verdict{}, errors.Join(ErrLost, err)
	}
	v := verdict{ran: len(results) > at || finished(results) == at, err: refusal}
	if refusal == nil {
		v.rows = rowsOf(results[at])
	}
	return v, nil
}

// prepare lets the server understand a query, behind messages that make ready for it. A
// parameter of which nothing tells the type is a text: jsonb_build_object('id', $1).
func (s *Session) prepare(ctx context.Context, before []quote.SQL, query quote.SQL) (verdict, error) {
	var types []uint32
	for {
		v, err := s.prepareAs(ctx, before, query, types)
		n := undetermined(v.err)
		if err != nil || n <= len(types) && (n == 0 || types[n-1] != 0) || n > mostParameters {
			return v, err
		}
		types = append(types, make([]uint32, max(n-len(types), 0))...)
		types[n-1] = pgtype.TextOID
	}
}

// mostParameters bounds how often the server is asked: it names one at a time.
const mostParameters = 100

func (s *Session) prepareAs(ctx context.Context, before []quote.SQL, query quote.SQL, types []uint32) (v verdict, err error) {
	if err := session.Execute(ctx, s.Conn, quote.Join(before, "; ")); err != nil {
		if session.Refusal(err) == nil {
			return v, errors.Join(ErrLost, err)
		}
		return v, session.Rollback(ctx, s.Conn)
	}
	_, err = s.Conn.PgConn().Prepare(ctx, "", query.ForServer(), types)
	refusal := session.Refusal(err)
	if err != nil && refusal == nil {
		return v, errors.Join(ErrLost, err)
	}
	return verdict{ran: true, err: refusal}, session.Rollback(ctx, s.Conn)
}

var noType = lazyregexp.New(`^could not determine data type of parameter \$(\d+)$`)

// undetermined is the number of the parameter whose type the server does not know; 0 when it
// asks for none.
func undetermined(err *pgconn.PgError) int {
	if err == nil || err.Code != "42P18" {
		return 0
	}
	m := noType.FindStringSubmatch(err.Message)
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1]) // 0 for one that is none
	return n
}

// messages are the statements of a script with what surrounds them.
func (s *Session) messages(p script, role string) ([]quote.SQL, bool) {
	all := []quote.SQL{
		"BEGIN", "SET LOCAL statement_timeout = '" + patience + "'", "SET LOCAL lock_timeout = '" + patience + "'", "SET LOCAL client_min_messages = error",
	}
	for _, step := range append(p.setup, step{role, p.sql}) {
		become, ok := s.As(step.role)
		if !ok {
			return nil, false
		}
		all = append(all, become, step.sql)
	}
	return append(all, "SET CONSTRAINTS ALL IMMEDIATE"), true
}

// finished counts the statements that came to an end.
func finished(results []*pgconn.Result) (n int) {
	for _, r := range results {
		if r.Err == nil {
			n++
		}
	}
	return n
}

// rowsOf is the count that a query returned, or how many rows were written.
func rowsOf(r *pgconn.Result) int64 {
	if len(r.Rows) != 1 || len(r.Rows[0]) != 1 {
		return r.CommandTag.RowsAffected()
	}
	n := int64(0)
	for _, digit := range r.Rows[0][0] {
		if digit < '0' || digit > '9' {
			return r.CommandTag.RowsAffected()
		}
		n = 10*n + int64(digit-'0')
	}
	return n
}
