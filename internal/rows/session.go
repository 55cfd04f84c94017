package rows

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
)

// A CHECK can call any function, so every statement is limited: trying a value is cheap or not worth it.
const (
	tryTimeout    = "500ms"
	insertTimeout = "5s"
)

// A session is a connection with settings that Fill relies on.
type session struct {
	conn *pgx.Conn
	path []string // schemas of the role's and database's own search_path
}

// openSession makes the connection's settings known ones, whatever ALTER ROLE and ALTER DATABASE have set.
//
// There are two search paths. The catalog is read under pg_catalog alone, so that no object of the user's is taken
// for one of the catalog's, and so that expressions are printed with every other name qualified. Rows are made
// under the path that applications have, the session's own if asked is nil, followed by the schemas of the tables:
// functions called by a CHECK may use unqualified names. See useSchemas.
func openSession(ctx context.Context, conn *pgx.Conn, asked []string) (*session, error) {
	s := &session{conn: conn}
	var replica string
	var path []string
	err := conn.QueryRow(ctx, `SELECT pg_catalog.current_setting('session_replication_role'), pg_catalog.current_schemas(false)::pg_catalog.text[]`,
		pgx.QueryExecModeExec).Scan(&replica, &path)
	if err != nil {
		return nil, err
	}
	if replica != "replica" {
		return nil, ErrNotReplica
	}
	if asked != nil {
		path = slices.Clone(asked)
	}
	s.path = slices.DeleteFunc(path, func(schema string) bool { return schema == "pg_catalog" })
	return s, s.exec(ctx, `SET search_path = pg_catalog, pg_temp;
		SET standard_conforming_strings = on; SET datestyle = ISO; SET intervalstyle = postgres; SET bytea_output = hex;
		SET default_transaction_read_only = off; SET default_transaction_isolation = 'read committed';
		SET default_transaction_deferrable = off; SET xmloption = content; SET quote_all_identifiers = off;
		SET statement_timeout = '5s'; SET lock_timeout = '2s'; SET client_min_messages = error`)
}

// useSchemas sets the search path under which rows are made. pg_catalog is not in it, and therefore first.
func (s *session) useSchemas(ctx context.Context, schemas []string) error {
	var path []quote.SQL
	for _, schema := range append(slices.Clone(s.path), schemas...) {
		if quoted := quote.Name(schema); !slices.Contains(path, quoted) {
			path = append(path, quoted)
		}
	}
	return s.exec(ctx, "SET search_path = "+quote.Join(append(path, "pg_temp"), ", "))
}

// exec sends statements in one message of the simple protocol.
func (s *session) exec(ctx context.Context, sql quote.SQL) error {
	_, err := s.conn.PgConn().Exec(ctx, sql.ForServer()).ReadAll()
	return err
}

// An answer is the outcome of one question: a query for a single boolean.
type answer struct {
	yes bool
	err error
}

// ask sends all questions at once; each is its own transaction, so that one that fails does not stop the others.
func (s *session) ask(ctx context.Context, questions []quote.SQL) ([]answer, error) {
	if len(questions) == 0 {
		return nil, nil
	}
	p := s.conn.PgConn().StartPipeline(ctx)
	// Sent each time: a function called by a CHECK may have changed the setting.
	p.SendQueryParams("SET statement_timeout = '"+tryTimeout+"'", nil, nil, nil, nil)
	p.SendPipelineSync()
	for _, q := range questions {
		p.SendQueryParams(q.ForServer(), nil, nil, nil, nil)
		p.SendPipelineSync()
	}
	answers, err := readAnswers(p)
	if closeErr := p.Close(); err == nil && !isServerError(closeErr) {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	if len(answers) != len(questions)+1 {
		return nil, fmt.Errorf("%d answers to %d questions", len(answers)-1, len(questions))
	}
	return answers[1:], nil
}

// readAnswers reads up to the last Sync; a question's answer ends with its own.
func readAnswers(p *pgconn.Pipeline) ([]answer, error) {
	if err := p.Flush(); err != nil {
		return nil, err
	}
	var answers []answer
	var current answer
	for {
		result, err := p.GetResults()
		if err != nil {
			if !isServerError(err) {
				return nil, err
			}
			current.err = err
			continue
		}
		switch r := result.(type) {
		case nil:
			return answers, nil
		case *pgconn.ResultReader:
			read := r.Read()
			current.yes = len(read.Rows) == 1 && string(read.Rows[0][0]) == "t"
			if read.Err != nil {
				current.err = read.Err
			}
		case *pgconn.PipelineSync:
			answers = append(answers, current)
			current = answer{}
		}
	}
}

// isServerError tells an answer of PostgreSQL from a broken connection.
func isServerError(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e)
}

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
