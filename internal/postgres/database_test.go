package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestDatabases(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		ctx := t.Context()
		base, err := s.CreateDatabase(ctx, `Ba"se`, "")
		if err != nil {
			t.Fatal(err)
		}
		if base != `Ba"se` {
			t.Errorf("database is %s", base)
		}
		owner := connect(t, s, postgres.Owner, base)
		if _, err := owner.Exec(ctx, "CREATE TABLE t (); CREATE SCHEMA s"); err != nil {
			t.Errorf("%d: the owner cannot create: %v", s.Major(), err)
		}
		owner.Close(ctx)
		clone, err := s.CreateDatabase(ctx, "clone", base)
		if err != nil {
			t.Fatal(err)
		}
		conn := connect(t, s, postgres.Owner, clone)
		if got := ask(t, conn, "SELECT to_regclass('t')::text"); got != "t" {
			t.Errorf("%d: the clone has %q", s.Major(), got)
		}
		if got := ask(t, conn, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"); got != "postgres" {
			t.Errorf("%d: the clone belongs to %s", s.Major(), got)
		}
		if _, err := s.CreateDatabase(ctx, "clone", base); err == nil || !strings.Contains(err.Error(), "42P04") {
			t.Errorf("%d: the same name again: %v", s.Major(), err)
		}
		for _, name := range []string{clone, base} { // one is in use
			if err := s.DropDatabase(ctx, name); err != nil {
				t.Error(err)
			}
		}
		if err := s.DropDatabase(ctx, base); err == nil {
			t.Error("dropped twice")
		}
		if err := s.DropDatabase(ctx, "template1"); err == nil {
			t.Error("dropped a database that is not ours")
		}
	}
}

func TestCreateDatabaseWaitsForTemplate(t *testing.T) {
	s := postgrestest.Start(t)
	base := postgrestest.Database(t, s)
	conn := connect(t, s, postgres.Owner, base)
	time.AfterFunc(100*time.Millisecond, func() { conn.Close(context.Background()) })
	name, err := s.CreateDatabase(t.Context(), "waited", base)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.DropDatabase(t.Context(), name); err != nil {
		t.Error(err)
	}
	busy := connect(t, s, postgres.Owner, base)
	defer busy.Close(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.CreateDatabase(ctx, "never", base); err == nil {
		t.Error("cloned a database in use")
	}
}

func TestCreateDatabasesAtOnce(t *testing.T) {
	s := postgrestest.Start(t)
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			name, err := s.CreateDatabase(t.Context(), fmt.Sprintf("at once %d", n), "")
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.DropDatabase(t.Context(), name); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// urlOf makes a server of ours the user's.
func urlOf(s *postgres.Server, role postgres.Role, database string) string {
	c := s.Config(role, database)
	return fmt.Sprintf("postgres://%s@/%s?host=%s&sslmode=disable", c.User, c.Database, c.Host)
}

func TestOpenURL(t *testing.T) {
	ctx := t.Context()
	for _, version := range postgrestest.Versions(t) {
		ours := postgrestest.Server(t, version)
		mine := postgrestest.Database(t, ours)
		s, err := postgres.OpenURL(ctx, urlOf(ours, postgres.Owner, mine))
		if err != nil {
			t.Fatal(err)
		}
		if !s.External() || s.Superuser() || s.Sandboxed() || s.Major() != ours.Major() || s.Version() != ours.Version() {
			t.Errorf("external %v, superuser %v, sandboxed %v, %d, %s", s.External(), s.Superuser(), s.Sandboxed(), s.Major(), s.Version())
		}
		const databases = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database"
		admin := connect(t, ours, postgres.Superuser, mine)
		before := ask(t, admin, databases)
		// The name is taken: an existing database is not touched.
		name, err := s.CreateDatabase(ctx, mine, "")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(name, "migvet_") || !strings.HasSuffix(name, "_"+mine) {
			t.Errorf("created %s", name)
		}
		long, err := s.CreateDatabase(ctx, strings.Repeat("ä", 40), "")
		if err != nil {
			t.Fatal(err)
		}
		for role := postgres.Superuser; role <= postgres.Filler; role++ {
			conn := connect(t, s, role, long)
			if got := ask(t, conn, "SELECT current_user || ' ' || current_database()"); got != "postgres "+long {
				t.Errorf("role %d is %s", role, got)
			}
		}
		super, err := postgres.OpenURL(ctx, urlOf(ours, postgres.Superuser, mine))
		if err != nil {
			t.Fatal(err)
		}
		if got := ask(t, connect(t, super, postgres.Filler, ""), "SHOW session_replication_role"); !super.Superuser() || got != "replica" {
			t.Errorf("superuser %v fills as %s", super.Superuser(), got)
		}
		if err := s.DropDatabase(ctx, mine); err == nil {
			t.Error("dropped the user's database")
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if after := ask(t, admin, databases); after != before {
			t.Errorf("databases are %q, were %q", after, before)
		}
		admin.Close(ctx)
	}
}

func TestOpenURLFails(t *testing.T) {
	ours := postgrestest.Start(t)
	database := postgrestest.Database(t, ours)
	if _, err := connect(t, ours, postgres.Superuser, database).Exec(t.Context(), "CREATE ROLE poor LOGIN"); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]string{
		"postgres://user:secret@[broken": "cannot parse",
		strings.Replace(urlOf(ours, postgres.Owner, database), "postgres@", "poor:secret@", 1):   "may not create databases",
		strings.Replace(urlOf(ours, postgres.Owner, database), "postgres@", "nosuch:secret@", 1): `role "nosuch" does not exist`,
	} {
		_, err := postgres.OpenURL(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", url, err, want)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("tells the password: %v", err)
		}
	}
}

func TestAdminSurvivesItsEnd(t *testing.T) {
	s := postgrestest.Start(t)
	before := postgrestest.Database(t, s)
	conn := connect(t, s, postgres.Superuser, before)
	defer conn.Close(t.Context())
	if n := ask(t, conn, "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"); n != "1" {
		t.Errorf("%s sessions were open, want that of the administration", n)
	}
	if err := s.DropDatabase(t.Context(), postgrestest.Database(t, s)+"?"); err == nil || !strings.Contains(err.Error(), "not ours") {
		t.Errorf("after the end of its session: %v", err)
	}
}
