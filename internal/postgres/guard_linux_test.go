package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// stay leaves a process of a session of its own, whose parent ends at once.
const stay = `CREATE TEMPORARY TABLE t (i int); COPY t FROM PROGRAM 'PATH=/usr/bin:/bin; setsid sleep 100 </dev/null >/dev/null 2>&1 & echo 1'`

// hosterArg makes the test binary a program that starts a server whose SQL has left
// a process behind, says so, and waits to be killed.
const hosterArg = "hoster"

func beHoster(args []string) error {
	s, err := startUnconfined(context.Background(), args[0])
	if err != nil {
		return err
	}
	if err := leaveProcess(context.Background(), s); err != nil {
		return err
	}
	fmt.Println("running")
	time.Sleep(100 * time.Second)
	return errors.New("nobody killed it")
}

// startUnconfined starts a server that can run programs: what they do, machine code
// can do in a sandbox.
func startUnconfined(ctx context.Context, version string) (*postgres.Server, error) {
	i, err := postgres.Find(ctx, postgrestest.Options(version))
	if err != nil {
		return nil, err
	}
	return i.Start(ctx, postgres.StartOptions{Unconfined: true})
}

func leaveProcess(ctx context.Context, s *postgres.Server) error {
	conn, err := pgx.ConnectConfig(ctx, s.Config(postgres.Superuser, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, stay)
	return err
}

func TestNothingOutlivesTheServer(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		for name, end := range map[string]func(*postgres.Server, context.CancelFunc) error{
			"stopped":   func(s *postgres.Server, _ context.CancelFunc) error { return s.Stop() },
			"cancelled": func(_ *postgres.Server, cancel context.CancelFunc) error { cancel(); return nil },
		} {
			t.Run(version+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				s, err := startUnconfined(ctx, version)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = s.Stop() })
				if err := leaveProcess(ctx, s); err != nil {
					t.Fatal(err)
				}
				awaitStayers(t, os.Getpid(), 1)
				if err := end(s, cancel); err != nil {
					t.Error(err)
				}
				awaitStayers(t, os.Getpid(), 0)
			})
		}
	}
}

func TestNothingOutlivesAKill(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run(version, func(t *testing.T) {
			v := startProgram(t, hosterArg, version)
			v.awaitRunning(t)
			awaitStayers(t, v.cmd.Process.Pid, 1)
			v.kill(t)
			awaitStayers(t, v.cmd.Process.Pid, 0)
		})
	}
}

// stayers are the processes that leaveProcess left in servers of a pid.
func stayers(t *testing.T, pid int) []string {
	t.Helper()
	var found []string
	for _, p := range processesOf(t, pid) {
		if strings.Contains(p, "sleep 100") {
			found = append(found, p)
		}
	}
	return found
}

func awaitStayers(t *testing.T, pid, want int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		found := stayers(t, pid)
		if len(found) == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d processes, want %d: %q", len(found), want, found)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// Machine code may stop the server, as both are in one sandbox.
func TestStopEndsAStuckServer(t *testing.T) {
	s, err := startUnconfined(context.Background(), postgrestest.One(t))
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, s, postgres.Superuser, "postgres")
	const stop = `CREATE TEMPORARY TABLE t (i int); COPY t FROM PROGRAM 'read p <postmaster.pid; kill -STOP $p'`
	if _, err := conn.Exec(t.Context(), stop); err != nil {
		t.Fatal(err)
	}
	dir := ask(t, conn, "SELECT current_setting('data_directory')")
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if left := processesWith(t, dir); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
