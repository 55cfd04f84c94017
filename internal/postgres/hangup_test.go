package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// TestSessionsEndWithTheirConnections closes sessions and looks at once.
func TestSessionsEndWithTheirConnections(t *testing.T) {
	s := postgrestest.Start(t)
	database := postgrestest.Database(t, s)
	for range 50 {
		conn, err := pgx.ConnectConfig(t.Context(), s.Config(postgres.Owner, database))
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := sessionsIn(t, s, database); left > 0 {
			t.Fatalf("the connection is closed, and the database has %d sessions", left)
		}
	}
}

func sessionsIn(t *testing.T, s *postgres.Server, database string) (n int) {
	t.Helper()
	err := s.Admin(t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = $1", database).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
