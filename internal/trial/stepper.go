package trial

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// A stepper runs the pending migrations one statement at a time, in the
// transactions in which the tool runs them. A refused statement is rolled back
// alone, so that those behind it are still seen.
type stepper struct {
	conn    *pgx.Conn
	note    func(*lint.Migration) quote.SQL // the SQL that notes a migration
	run     runFunc
	refused []*session.Refused
}

// A runFunc runs one statement and returns the server's refusal.
type runFunc func(context.Context, *lint.Statement) (*pgconn.PgError, error)

func (s *stepper) attempt(ctx context.Context, st *lint.Statement) (*pgconn.PgError, error) {
	return session.Attempt(ctx, s.conn, st)
}

// all runs the migrations, and goes on behind refusals.
func (s *stepper) all(ctx context.Context, pending []*lint.Migration) error {
	for i, m := range pending {
		if err := s.begin(ctx, m, i == 0); err != nil {
			return err
		}
		if err := s.migration(ctx, m); err != nil {
			return session.InMigration(m, err)
		}
		if err := s.record(ctx, m); err != nil {
			return session.InMigration(m, err)
		}
		if m.Tx != lint.TxAllPending || i == len(pending)-1 {
			if err := s.commit(ctx, m); err != nil {
				return session.InMigration(m, err)
			}
		}
	}
	return nil
}

func (s *stepper) begin(ctx context.Context, m *lint.Migration, first bool) error {
	if m.Tx == lint.TxFile || m.Tx == lint.TxAllPending && first {
		return session.Execute(ctx, s.conn, "BEGIN")
	}
	return nil
}

// record notes the migration like the tool; a refusal was told by the faithful
// run.
func (s *stepper) record(ctx context.Context, m *lint.Migration) error {
	err := session.Execute(ctx, s.conn, s.note(m))
	if session.Refusal(err) == nil {
		return err
	}
	return session.Rollback(ctx, s.conn)
}

func (s *stepper) commit(ctx context.Context, m *lint.Migration) error {
	r, err := session.Commit(ctx, s.conn, m)
	if r != nil {
		s.refused = append(s.refused, r)
	}
	return err
}

func (s *stepper) migration(ctx context.Context, m *lint.Migration) error {
	implicit := -1 // the chunk whose statements share an implicit transaction
	statements := m.Statements()
	for i := 0; i < len(statements); {
		st := statements[i]
		if implicit >= 0 && st.Chunk != implicit {
			if err := s.commit(ctx, m); err != nil {
				return err
			}
			implicit = -1
		}
		if !session.InTransaction(s.conn) && len(m.Sent(st.Chunk)) > 1 {
			if err := session.Execute(ctx, s.conn, "BEGIN"); err != nil {
				return err
			}
			implicit = st.Chunk
		}
		if m.Tx == lint.TxAfterFirst && st.Chunk == 1 {
			if err := session.Execute(ctx, s.conn, "BEGIN"); err != nil {
				return err
			}
		}
		n, err := s.next(ctx, m, statements[i:])
		if err != nil {
			return fmt.Errorf("statement at byte %d: %w", st.Start, err)
		}
		i += n
	}
	if implicit >= 0 {
		return s.commit(ctx, m)
	}
	return nil
}

// next runs the first statement, or a long run of INSERTs at once, and returns
// how many that were.
func (s *stepper) next(ctx context.Context, m *lint.Migration, statements []*lint.Statement) (int, error) {
	n := insertsAhead(statements)
	if n < manyInserts || !session.InTransaction(s.conn) {
		return 1, s.statement(ctx, m, statements[0], s.run)
	}
	return n, s.inserts(ctx, m, statements[:n])
}

func (s *stepper) statement(ctx context.Context, m *lint.Migration, st *lint.Statement, run runFunc) error {
	var pe *pgconn.PgError
	var err error
	switch {
	case controlsTransaction(st):
		pe, err = session.Attempt(ctx, s.conn, st)
	case session.InTransaction(s.conn) && changesEnum(st):
		pe, err = s.outsideSavepoint(ctx, st, run)
	case session.InTransaction(s.conn):
		pe, err = s.inSavepoint(ctx, st, run)
	default:
		pe, err = s.byItself(ctx, st, run)
	}
	if pe != nil {
		s.refused = append(s.refused, &session.Refused{Migration: m, Statement: st, Err: session.SQLError(pe, st.SQL, st.Start), Raw: pe})
	}
	return err
}

// controlsTransaction reports whether a statement must not stand behind a
// savepoint of ours.
func controlsTransaction(st *lint.Statement) bool {
	switch n := st.Node.GetNode().(type) {
	case *pg.Node_TransactionStmt:
		return true
	case *pg.Node_VariableSetStmt:
		return n.VariableSetStmt.Name == "TRANSACTION" || n.VariableSetStmt.Name == "TRANSACTION SNAPSHOT"
	}
	return false
}

const statementSavepoint = "migvet_statement"

func (s *stepper) inSavepoint(ctx context.Context, st *lint.Statement, run runFunc) (*pgconn.PgError, error) {
	if err := session.Execute(ctx, s.conn, "SAVEPOINT "+statementSavepoint); err != nil {
		return nil, err
	}
	pe, err := run(ctx, st)
	if err != nil {
		return nil, err
	}
	if pe != nil {
		if err := session.Execute(ctx, s.conn, "ROLLBACK TO SAVEPOINT "+statementSavepoint); err != nil {
			return nil, err
		}
	}
	if !session.InTransaction(s.conn) {
		return pe, nil
	}
	return pe, session.Execute(ctx, s.conn, "RELEASE SAVEPOINT "+statementSavepoint)
}

// changesEnum reports whether a statement makes an enum or adds labels to one, or has words
// for that.
func changesEnum(st *lint.Statement) bool {
	return st.Node.GetCreateEnumStmt() != nil || st.Node.GetAlterEnumStmt() != nil || st.Node.GetDoStmt() != nil && enumInCode.MatchString(st.SQL)
}

var enumInCode = lazyregexp.New(`(?i)\b(create|alter)\s+type\b`)

// outsideSavepoint runs a statement behind a savepoint, to see whether it is refused, and
// then without. PostgreSQL 17 takes labels that are added to an enum in the transaction that
// made it, unless one of both happened behind a savepoint.
// https://www.postgresql.org/docs/release/17.0/
func (s *stepper) outsideSavepoint(ctx context.Context, st *lint.Statement, run runFunc) (*pgconn.PgError, error) {
	if err := session.Execute(ctx, s.conn, "SAVEPOINT "+statementSavepoint); err != nil {
		return nil, err
	}
	pe, err := s.attempt(ctx, st)
	if err != nil {
		return nil, err
	}
	if err := session.Execute(ctx, s.conn, "ROLLBACK TO SAVEPOINT "+statementSavepoint+"; RELEASE SAVEPOINT "+statementSavepoint); err != nil {
		return nil, err
	}
	if pe != nil {
		return s.inSavepoint(ctx, st, run)
	}
	return run(ctx, st)
}

// byItself runs a statement that is its own transaction. One of ours around it
// changes nothing but lets its locks be seen; what refuses that runs without.
func (s *stepper) byItself(ctx context.Context, st *lint.Statement, run runFunc) (*pgconn.PgError, error) {
	if err := session.Execute(ctx, s.conn, "BEGIN"); err != nil {
		return nil, err
	}
	pe, err := run(ctx, st)
	if err != nil {
		return nil, err
	}
	if pe == nil {
		return nil, session.Execute(ctx, s.conn, "COMMIT")
	}
	if err := session.Rollback(ctx, s.conn); err != nil || !session.RefusesTransaction(pe.Code) {
		return pe, err
	}
	return run(ctx, st)
}
