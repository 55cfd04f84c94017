package session

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A Refused is a statement the server said no to. Statement is nil when the
// refusal is not about one (COMMIT with deferred constraints).
type Refused struct {
	Migration *lint.Migration
	Statement *lint.Statement
	Err       *lint.SQLError
	Raw       *pgconn.PgError // nil unless the statement ran alone
	Row       bool            // it is that of the tool's own note of the migration
}

// RefusedRow is the refusal of what the tool notes of a migration; nil when err is none.
func RefusedRow(m *lint.Migration, err error) *Refused {
	pe := Refusal(err)
	if pe == nil {
		return nil
	}
	return &Refused{Migration: m, Err: SQLError(pe, "", 0), Raw: pe, Row: true}
}

// Send sends one chunk of a migration as one message, as its tool does. The
// server's position, or else the number of statements it finished, tells which
// statement was refused.
func Send(ctx context.Context, conn *pgx.Conn, m *lint.Migration, chunk int) (*Refused, error) {
	span := m.Chunks[chunk]
	if r := waitsForData(m, chunk); r != nil {
		return r, nil
	}
	if rows, sent := m.Rows[chunk]; sent {
		return copyRows(ctx, conn, m, chunk, rows)
	}
	text := readChunk(ctx, m, chunk)
	ctx, done := withDeadline(ctx)
	defer done()
	results := conn.PgConn().Exec(ctx, text.sql.ForServer())
	finished := countFinished(results)
	err := results.Close()
	pe := Refusal(err)
	if pe == nil {
		return nil, wrapBroken(ctx, err, soleStatement(m.Sent(chunk)))
	}
	r := &Refused{Migration: m, Err: SQLError(pe, text.sql.ForServer(), 0)}
	if r.Err.Offset != lint.NoPos {
		r.Err.Offset = span.Start + text.inFile(r.Err.Offset)
	}
	r.Statement = refusedStatement(m, chunk, finished, r.Err)
	return r, nil
}

// refusedStatement also gives a refusal in the rest of a long file its place.
func refusedStatement(m *lint.Migration, chunk, finished int, e *lint.SQLError) *lint.Statement {
	for _, s := range m.Sent(chunk) {
		if e.Offset != lint.NoPos && s.Start <= e.Offset && e.Offset <= s.End {
			return s
		}
	}
	sent := m.Sent(chunk)
	if last := len(sent) - 1; last >= 0 && finished >= last && sent[last].Rest {
		at, found := sent[last].PartStart(finished - last)
		if !found {
			return nil
		}
		if e.Offset == lint.NoPos {
			e.Offset = sent[last].Start + at
		}
		return sent[last]
	}
	if finished < len(sent) {
		return sent[finished]
	}
	return nil
}

// soleStatement is the statement of a message that has just one. Of several nobody knows
// which the server is at: it tells of those before when all are done.
func soleStatement(sent []*lint.Statement) *lint.Statement {
	if len(sent) == 1 {
		return sent[0]
	}
	return nil
}

var stdinWord = lazyregexp.New(`(?i)\bstdin\b`)

// waitsForData returns the refusal of a message that would wait for rows.
func waitsForData(m *lint.Migration, chunk int) *Refused {
	span := m.Chunks[chunk]
	if !stdinWord.MatchString(m.Source[span.Start:span.End]) {
		return nil
	}
	for _, s := range m.Sent(chunk) {
		if pe := wantsData(s); pe != nil {
			return &Refused{Migration: m, Statement: s, Err: SQLError(pe, s.SQL, s.Start), Raw: pe}
		}
	}
	return nil
}

// copyRows sends a chunk that is COPY … FROM STDIN with the rows behind it.
func copyRows(ctx context.Context, conn *pgx.Conn, m *lint.Migration, chunk int, rows string) (*Refused, error) {
	span := m.Chunks[chunk]
	text := m.Source[span.Start:span.End]
	ctx, done := withDeadline(ctx)
	defer done()
	_, err := conn.PgConn().CopyFrom(ctx, strings.NewReader(rows), BranchSQL(text).ForServer())
	pe := Refusal(err)
	if pe == nil {
		return nil, wrapBroken(ctx, err, soleStatement(m.Sent(chunk)))
	}
	r := &Refused{Migration: m, Err: SQLError(pe, text, span.Start)}
	r.Statement = refusedStatement(m, chunk, 0, r.Err)
	return r, nil
}

// sendStatement sends one statement alone.
func sendStatement(ctx context.Context, conn *pgx.Conn, s *lint.Statement) error {
	if s.Rows == nil && s.Rest {
		return sendRest(ctx, conn, s)
	}
	if s.Rows == nil {
		return Execute(ctx, conn, statementSQL(ctx, s))
	}
	ctx, done := withDeadline(ctx)
	defer done()
	_, err := conn.PgConn().CopyFrom(ctx, strings.NewReader(*s.Rows), BranchSQL(s.SQL).ForServer())
	return unlessRefused(ctx, err)
}

// sendRest sends the rest of a long file, which is many statements. The server gives a
// position where it cannot read one; otherwise the number of those that it finished tells
// which one it refused.
func sendRest(ctx context.Context, conn *pgx.Conn, s *lint.Statement) error {
	finished, err := executeCounted(ctx, conn, statementSQL(ctx, s))
	if pe := Refusal(err); pe != nil && pe.Position == 0 {
		if at, found := s.PartStart(finished); found {
			pe.Position = int32(utf8.RuneCountInString(s.SQL[:at])) + 1
		}
	}
	return err
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

// Attempt runs a statement and returns the server's refusal.
func Attempt(ctx context.Context, conn *pgx.Conn, s *lint.Statement) (*pgconn.PgError, error) {
	if pe := wantsData(s); pe != nil {
		return pe, nil
	}
	err := sendStatement(ctx, conn, s)
	if pe := Refusal(err); pe != nil {
		return pe, nil
	}
	if b := (*Broken)(nil); errors.As(err, &b) {
		b.Statement = s
	}
	return nil, err
}
