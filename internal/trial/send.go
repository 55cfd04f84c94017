package trial

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A refused is a statement the server said no to. Statement is nil when the
// refusal is not about one (COMMIT with deferred constraints).
type refused struct {
	Migration *lint.Migration
	Statement *lint.Statement
	Err       *lint.SQLError
	raw       *pgconn.PgError // nil unless the statement ran alone
}

// send sends one chunk of a migration as one message, as its tool does. The
// server's position, or else the number of statements it finished, tells which
// statement was refused.
func send(ctx context.Context, conn *pgx.Conn, m *lint.Migration, chunk int) (*refused, error) {
	span := m.Chunks[chunk]
	if r := waitsForData(m, chunk); r != nil {
		return r, nil
	}
	if rows, sent := m.Rows[chunk]; sent {
		return copyRows(ctx, conn, m, chunk, rows)
	}
	text := chunkSQL(ctx, m, chunk)
	ctx, done := patient(ctx)
	defer done()
	results := conn.PgConn().Exec(ctx, text.sql.ForServer())
	finished := 0
	for results.NextResult() {
		if _, err := results.ResultReader().Close(); err == nil {
			finished++
		}
	}
	err := results.Close()
	pe := refusal(err)
	if pe == nil {
		return nil, breaks(ctx, err, only(m.Sent(chunk)))
	}
	r := &refused{Migration: m, Err: sqlError(pe, text.sql.ForServer(), 0)}
	if r.Err.Offset != lint.NoPos {
		r.Err.Offset = span.Start + text.inFile(r.Err.Offset)
	}
	r.Statement = refusedStatement(m, chunk, finished, r.Err)
	return r, nil
}

func refusedStatement(m *lint.Migration, chunk, finished int, e *lint.SQLError) *lint.Statement {
	for _, s := range m.Sent(chunk) {
		if e.Offset != lint.NoPos && s.Start <= e.Offset && e.Offset <= s.End {
			return s
		}
	}
	if sent := m.Sent(chunk); finished < len(sent) {
		return sent[finished]
	}
	return nil
}

// only is the statement of a message that has just one. Of several nobody knows
// which the server is at: it tells of those before when all are done.
func only(sent []*lint.Statement) *lint.Statement {
	if len(sent) == 1 {
		return sent[0]
	}
	return nil
}

var stdin = lazyregexp.New(`(?i)\bstdin\b`)

// waitsForData returns the refusal of a message that would wait for rows.
func waitsForData(m *lint.Migration, chunk int) *refused {
	span := m.Chunks[chunk]
	if !stdin.MatchString(m.Source[span.Start:span.End]) {
		return nil
	}
	for _, s := range m.Sent(chunk) {
		if pe := wantsData(s); pe != nil {
			return &refused{Migration: m, Statement: s, Err: sqlError(pe, s.SQL, s.Start), raw: pe}
		}
	}
	return nil
}

// copyRows sends a chunk that is COPY … FROM STDIN with the rows behind it.
func copyRows(ctx context.Context, conn *pgx.Conn, m *lint.Migration, chunk int, rows string) (*refused, error) {
	span := m.Chunks[chunk]
	text := m.Source[span.Start:span.End]
	ctx, done := patient(ctx)
	defer done()
	_, err := conn.PgConn().CopyFrom(ctx, strings.NewReader(rows), branchSQL(text).ForServer())
	pe := refusal(err)
	if pe == nil {
		return nil, breaks(ctx, err, only(m.Sent(chunk)))
	}
	r := &refused{Migration: m, Err: sqlError(pe, text, span.Start)}
	r.Statement = refusedStatement(m, chunk, 0, r.Err)
	return r, nil
}

// sendStatement sends one statement alone.
func sendStatement(ctx context.Context, conn *pgx.Conn, s *lint.Statement) error {
	if s.Rows == nil {
		return execute(ctx, conn, statementSQL(ctx, s))
	}
	ctx, done := patient(ctx)
	defer done()
	_, err := conn.PgConn().CopyFrom(ctx, strings.NewReader(*s.Rows), branchSQL(s.SQL).ForServer())
	return unlessRefused(ctx, err)
}

// wantsData refuses COPY … FROM STDIN in the server's place: migration tools
// send no rows behind it, and the server would wait for them.
func wantsData(s *lint.Statement) *pgconn.PgError {
	c := s.Node.GetCopyStmt()
	if c == nil || !c.IsFrom || c.Filename != "" || s.Rows != nil {
		return nil
	}
	return &pgconn.PgError{Severity: "ERROR", Code: queryCanceled, Message: "COPY from stdin failed: the migration tool sends no rows; write INSERT"}
}

// inTransaction tells what the server says of the session.
func inTransaction(conn *pgx.Conn) bool { return conn.PgConn().TxStatus() != 'I' }

// execute runs SQL whose rows nobody wants: they are dropped one by one.
func execute(ctx context.Context, conn *pgx.Conn, sql quote.SQL) error {
	if sql == "" {
		return nil
	}
	ctx, done := patient(ctx)
	defer done()
	results := conn.PgConn().Exec(ctx, sql.ForServer())
	for results.NextResult() {
		_, _ = results.ResultReader().Close() // results.Close has the error
	}
	return unlessRefused(ctx, results.Close())
}

// unlessRefused leaves refusals as they are.
func unlessRefused(ctx context.Context, err error) error {
	if refusal(err) != nil {
		return err
	}
	return breaks(ctx, err, nil)
}

// rollback leaves a transaction that may be broken.
func rollback(ctx context.Context, conn *pgx.Conn) error {
	if !inTransaction(conn) {
		return nil
	}
	return execute(ctx, conn, "ROLLBACK")
}

// ownTransactions matches files that may end a transaction themselves, refuse
// to be in one, or wait for data.
var ownTransactions = lazyregexp.New(`(?i)\b(stdin|concurrently|commit|rollback|vacuum|abort|end\s+transaction)\b`)

var extensionWord = lazyregexp.New(`(?i)\bextension\b`)

// mentionsExtension saves the parsing of a long history.
func mentionsExtension(sql string) bool { return extensionWord.MatchString(sql) }
