package session

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Execute runs SQL whose rows nobody wants: they are dropped one by one.
func Execute(ctx context.Context, conn *pgx.Conn, sql quote.SQL) error {
	_, err := executeCounted(ctx, conn, sql)
	return err
}

// executeCounted returns how many of the statements the server finished.
func executeCounted(ctx context.Context, conn *pgx.Conn, sql quote.SQL) (finished int, err error) {
	if sql == "" {
		return 0, nil
	}
	ctx, done := withDeadline(ctx)
	defer done()
	results := conn.PgConn().Exec(ctx, sql.ForServer())
	finished = countFinished(results)
	return finished, unlessRefused(ctx, results.Close())
}

// countFinished drops all rows, and returns how many statements have come to their end.
func countFinished(results *pgconn.MultiResultReader) (finished int) {
	for results.NextResult() {
		if _, err := results.ResultReader().Close(); err == nil { // results.Close has the error
			finished++
		}
	}
	return finished
}

// ExecuteAlone runs what may try to be more than one statement: the extended
// protocol takes but one.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
func ExecuteAlone(ctx context.Context, conn *pgx.Conn, sql quote.SQL) error {
	ctx, done := withDeadline(ctx)
	defer done()
	_, err := conn.PgConn().ExecParams(ctx, sql.ForServer(), nil, nil, nil, nil).Close()
	return unlessRefused(ctx, err)
}

// ReadAll runs SQL in the simple protocol and returns all its rows as text.
func ReadAll(ctx context.Context, conn *pgx.Conn, sql quote.SQL) ([]*pgconn.Result, error) {
	ctx, done := withDeadline(ctx)
	defer done()
	results, err := conn.PgConn().Exec(ctx, sql.ForServer()).ReadAll()
	return results, unlessRefused(ctx, err)
}

// unlessRefused leaves refusals as they are.
func unlessRefused(ctx context.Context, err error) error {
	if Refusal(err) != nil {
		return err
	}
	return wrapBroken(ctx, err, nil)
}

// InTransaction tells what the server says of the session.
func InTransaction(conn *pgx.Conn) bool { return conn.PgConn().TxStatus() != 'I' }

// Rollback leaves a transaction, which may be broken; it does nothing outside of one.
func Rollback(ctx context.Context, conn *pgx.Conn) error {
	if !InTransaction(conn) {
		return nil
	}
	return Execute(ctx, conn, "ROLLBACK")
}

// Commit ends the transaction that is open, if one is; deferred constraints may
// refuse it.
func Commit(ctx context.Context, conn *pgx.Conn, m *lint.Migration) (*Refused, error) {
	if !InTransaction(conn) {
		return nil, nil
	}
	err := Execute(ctx, conn, "COMMIT")
	if pe := Refusal(err); pe != nil {
		return &Refused{Migration: m, Err: SQLError(pe, "COMMIT", 0)}, nil
	}
	return nil, err
}
