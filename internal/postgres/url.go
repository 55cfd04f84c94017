package postgres

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// OpenURL uses a server that the user gives, "postgres://user@host/database".
// All roles are the user of the URL. Existing databases are left alone; the
// user needs the right to create databases.
func OpenURL(ctx context.Context, url string) (*Server, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err) // pgx hides the password
	}
	first := config.Copy() // nothing more is pinned: who knows how old the server is
	first.RuntimeParams["search_path"] = "pg_catalog, pg_temp"
	conn, err := pgx.ConnectConfig(ctx, first)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	defer conn.Close(ctx)
	s := &Server{config: config}
	var version int
	var mayCreate bool
	err = conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, rolsuper, rolsuper OR rolcreatedb
		FROM pg_catalog.pg_roles WHERE rolname = current_user`, pgx.QueryExecModeSimpleProtocol).Scan(&version, &s.superuser, &mayCreate)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	s.major = version / 10000
	s.version = fmt.Sprintf("%d.%d", s.major, version%10000)
	if s.major < OldestMajor {
		return nil, fmt.Errorf("database URL: PostgreSQL %s is too old; migvet needs %d or newer", s.version, OldestMajor)
	}
	if !mayCreate {
		return nil, fmt.Errorf("database URL: user %s may not create databases, let alone observe what migrations do, which takes a superuser; use one, on a server that holds nothing of value", config.User)
	}
	return s, nil
}

// maxIdentifier is the length at which PostgreSQL truncates names, in bytes.
const maxIdentifier = 63

func uniqueName(name string) string {
	var random [5]byte
	_, _ = rand.Read(random[:]) // never fails
	unique := "migvet_" + hex.EncodeToString(random[:]) + "_" + name
	return strings.ToValidUTF8(unique[:min(len(unique), maxIdentifier)], "")
}

// dropCreated has its own deadline: it is called when all else is cancelled.
func (s *Server) dropCreated() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	s.admin.mu.Lock()
	defer s.admin.mu.Unlock()
	defer s.closeAdmin(ctx)
	if len(s.created) == 0 {
		return nil
	}
	if err := s.openAdmin(ctx); err != nil {
		return fmt.Errorf("drop databases: %w", err)
	}
	var errs []error
	for name := range s.created {
		if err := s.drop(ctx, s.admin.conn, name); err != nil {
			errs = append(errs, fmt.Errorf("drop database %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}
