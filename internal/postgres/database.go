package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
)

// CreateDatabase makes a database as a copy of template, with the template's owner,
// settings and grants, or an empty one of the [Owner] if template is "". It returns
// the real name, which differs on a server of the user: there it must not meet
// other databases. Only a superuser copies owner, settings and grants. It waits some
// seconds for sessions of the template to end.
func (s *Server) CreateDatabase(ctx context.Context, name, template string) (string, error) {
	if s.External() {
		name = uniqueName(name)
	}
	return name, s.createNamed(ctx, name, template)
}

// CreateDatabaseAs makes an empty database with just this name, which must be
// free.
func (s *Server) CreateDatabaseAs(ctx context.Context, name string) error {
	return s.createNamed(ctx, name, "")
}

func (s *Server) createNamed(ctx context.Context, name, template string) error {
	err := s.Admin(ctx, func(conn *pgx.Conn) error {
		if err := createDatabase(ctx, conn, s.createSQL(name, template)); err != nil {
			return err
		}
		if s.created == nil {
			s.created = map[string]bool{}
		}
		s.created[name] = true
		if template == "" || !s.isSuperuser(Superuser) {
			return nil
		}
		_, err := conn.Exec(ctx, copyBelongings(name, template).ForServer(), pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

func (s *Server) createSQL(name, template string) quote.SQL {
	sql := "CREATE DATABASE " + quote.Name(name)
	if !s.External() {
		sql += " OWNER " + OwnerName
	}
	if template != "" {
		sql += " TEMPLATE " + quote.Name(template)
	}
	// Several times faster than the default without fsync, and all there is
	// before 15. https://www.postgresql.org/docs/current/sql-createdatabase.html
	if s.major >= 15 {
		sql += " STRATEGY file_copy"
	}
	return sql
}

const (
	objectInUse     = "55006"
	templateRetry   = 5 * time.Millisecond
	templateTimeout = 5 * time.Second
)

// createDatabase tries again while a session that is about to end still uses the
// template.
func createDatabase(ctx context.Context, conn *pgx.Conn, sql quote.SQL) error {
	for deadline := time.Now().Add(templateTimeout); ; {
		_, err := conn.Exec(ctx, sql.ForServer(), pgx.QueryExecModeSimpleProtocol)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != objectInUse || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(templateRetry):
		}
	}
}

// DropDatabase drops a database that CreateDatabase made, by its real name,
// and ends the sessions in it.
func (s *Server) DropDatabase(ctx context.Context, name string) error {
	err := s.Admin(ctx, func(conn *pgx.Conn) error {
		if !s.created[name] {
			return errors.New("it is not ours")
		}
		return s.drop(ctx, conn, name)
	})
	if err != nil {
		return fmt.Errorf("drop database %s: %w", name, err)
	}
	return nil
}

func (s *Server) drop(ctx context.Context, conn *pgx.Conn, name string) error {
	sql := "DROP DATABASE IF EXISTS " + quote.Name(name) + " WITH (FORCE)"
	if _, err := conn.Exec(ctx, sql.ForServer(), pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	delete(s.created, name)
	return nil
}
