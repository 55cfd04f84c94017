package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// An admin is the one session in which a server is administered. It stays open:
// a trial would open some thirty for as many statements. Not so on a server of
// the user, who may want to copy or drop the database of the URL.
type admin struct {
	mu   sync.Mutex
	conn *pgx.Conn
}

// Admin runs f in the session that administers the server, as [Superuser]. The
// session is f's alone until f returns; f leaves no transaction and no setting
// behind, and does not call Admin, CreateDatabase or DropDatabase.
func (s *Server) Admin(ctx context.Context, f func(*pgx.Conn) error) error {
	s.admin.mu.Lock()
	defer s.admin.mu.Unlock()
	if s.External() {
		defer s.closeAdmin(context.WithoutCancel(ctx))
	}
	if err := s.openAdmin(ctx); err != nil {
		return fmt.Errorf("connect as superuser: %w", err)
	}
	return f(s.admin.conn)
}

// openAdmin opens the session, again when what runs on the server has ended it.
func (s *Server) openAdmin(ctx context.Context) error {
	if s.admin.conn != nil && s.admin.conn.Ping(ctx) == nil {
		return nil
	}
	s.closeAdmin(ctx)
	conn, err := pgx.ConnectConfig(ctx, s.Pinned(Superuser, ""))
	if err != nil {
		return err
	}
	s.admin.conn = conn
	return nil
}

func (s *Server) closeAdmin(ctx context.Context) {
	if s.admin.conn != nil {
		_ = s.admin.conn.Close(ctx) // nothing is in it that could be lost
		s.admin.conn = nil
	}
}
