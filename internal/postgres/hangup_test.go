package postgres_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// TestSessionsEndWithTheirConnections closes sessions and looks at once.
func TestSessionsEndWithTheirConnections(t *testing.T) {
	s := postgrestest.Start(t)
	config := s.Config(postgres.Owner, postgrestest.Database(t, s))
	config.DialFunc = postgres.Patient(config.DialFunc)
	for range 50 {
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		process := conn.PgConn().PID()
		if err := conn.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if isListed(t, s, process) {
			t.Fatalf("the connection is closed, and the server lists its process %d", process)
		}
	}
}

func isListed(t *testing.T, s *postgres.Server, process uint32) (listed bool) {
	t.Helper()
	err := s.Admin(t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", int64(process)).Scan(&listed)
	})
	if err != nil {
		t.Fatal(err)
	}
	return listed
}

// bothEnds are a connection's ends.
func bothEnds(t *testing.T) (ours, theirs net.Conn) {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if ours, err = net.Dial("tcp", socket.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if theirs, err = socket.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { theirs.Close() })
	return ours, theirs
}

// Whoever hangs up waits until the other end has closed, whatever it still says.
func TestHangUpWaits(t *testing.T) {
	ours, theirs := bothEnds(t)
	var ended atomic.Bool
	go func() {
		_, _ = io.Copy(io.Discard, theirs) // until we have hung up
		_, _ = theirs.Write(make([]byte, 1<<20))
		ended.Store(true)
		theirs.Close()
	}()
	if err := postgres.HangUp(ours, time.Minute); err != nil || !ended.Load() {
		t.Errorf("hung up before the other end has: %v", err)
	}
}

// A process that runs a statement does not see that its client has gone.
func TestHangUpIsBounded(t *testing.T) {
	ours, _ := bothEnds(t)
	done := make(chan error, 1)
	go func() { done <- postgres.HangUp(ours, time.Millisecond) }()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("the other end is waited for")
	}
}
