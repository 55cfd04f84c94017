package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func connect(t *testing.T, s *postgres.Server, role postgres.Role, database string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.Config(role, database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func ask(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

func TestRoles(t *testing.T) {
	const sql = `SELECT concat_ws(' ', session_user, current_setting('is_superuser'), current_setting('session_replication_role'))`
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		database := postgrestest.Database(t, s)
		for role, want := range map[postgres.Role]string{
			postgres.Superuser: "migvet_su on origin",
			postgres.Owner:     "postgres off origin",
			postgres.Filler:    "migvet_filler off replica",
		} {
			if got := ask(t, connect(t, s, role, database), sql); got != want {
				t.Errorf("%d: role %d is %q, want %q", s.Major(), role, got, want)
			}
		}
		owner := connect(t, s, postgres.Owner, database)
		if _, err := owner.Exec(t.Context(), `CREATE TABLE t (id int REFERENCES t, PRIMARY KEY (id))`); err != nil {
			t.Error(err)
		}
		// No row 2: foreign keys are not checked.
		filler := connect(t, s, postgres.Filler, database)
		if _, err := filler.Exec(t.Context(), `ALTER TABLE t ADD COLUMN parent int REFERENCES t; INSERT INTO t VALUES (1, 2)`); err != nil {
			t.Errorf("%d: filling: %v", s.Major(), err)
		}
	}
}

// The trial depends on these settings.
func TestSettings(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		conn := connect(t, s, postgres.Owner, postgrestest.Database(t, s))
		for name, want := range map[string]string{
			"track_counts":              "on",
			"track_functions":           "all",
			"fsync":                     "off",
			"listen_addresses":          "",
			"TimeZone":                  "UTC",
			"lc_messages":               "C",
			"server_encoding":           "UTF8",
			"max_locks_per_transaction": "1024",
			"server_version":            s.Version(),
		} {
			got := ask(t, conn, "SELECT current_setting('"+name+"')")
			if name == "server_version" {
				got, _, _ = strings.Cut(got, " ")
			}
			if got != want {
				t.Errorf("%d: %s is %q, want %q", s.Major(), name, got, want)
			}
		}
		if !s.Superuser() || s.External() {
			t.Errorf("%d: superuser %v, external %v", s.Major(), s.Superuser(), s.External())
		}
	}
}

func TestEnvironmentDoesNotMatter(t *testing.T) {
	for name, value := range map[string]string{
		"PGHOST": "203.0.113.1", "PGPORT": "1", "PGUSER": "x", "PGDATABASE": "x", "PGPASSWORD": "x",
		"PGOPTIONS": "-c fsync=on", "PGTZ": "Asia/Tokyo", "PGAPPNAME": "x", "PGSSLMODE": "require", "PGTARGETSESSIONATTRS": "standby",
	} {
		t.Setenv(name, value)
	}
	s := startServer(t, postgrestest.One(t), privateTempDir(t))
	got := ask(t, connect(t, s, postgres.Owner, ""), "SELECT concat_ws(' ', current_database(), current_user, current_setting('TimeZone'))")
	if want := "postgres postgres UTC"; got != want {
		t.Errorf("connected to %q, want %q", got, want)
	}
}

func TestStopLeavesNothing(t *testing.T) {
	requireLinux(t)
	cache := privateTempDir(t)
	s := startServer(t, postgrestest.One(t), cache)
	dir := ask(t, connect(t, s, postgres.Superuser, ""), "SHOW data_directory")
	socket := s.Config(postgres.Owner, "").Host
	// A query that does not end must not hold it up.
	busy := connect(t, s, postgres.Owner, "")
	ended := make(chan error)
	go func() {
		_, err := busy.Exec(context.Background(), runaway)
		ended <- err
	}()
	time.Sleep(20 * time.Millisecond)
	begin := time.Now()
	stopTwice(t, s)
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if err := <-ended; err == nil {
		t.Error("the query came to an end")
	}
	for _, path := range []string{dir, filepath.Dir(dir), socket, filepath.Dir(socket)} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is left: %v", path, err)
		}
	}
}

func stopTwice(t *testing.T, s *postgres.Server) {
	t.Helper()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestCancelStops(t *testing.T) {
	version, cache := postgrestest.One(t), privateTempDir(t)
	o := postgrestest.Options(version)
	o.CacheDir = cache
	i, err := postgres.Find(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	before := len(leftovers(t, os.Getpid(), cache)) // of servers that tests share
	// While initdb runs, while the server starts, while it runs.
	for _, after := range []time.Duration{100 * time.Millisecond, 10 * time.Millisecond, 40 * time.Millisecond, 500 * time.Millisecond} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(after, cancel)
		cancelled := time.Now().Add(after)
		s, err := i.Start(ctx, postgres.StartOptions{})
		if err != nil {
			if late := time.Since(cancelled); late > 3*time.Second {
				t.Errorf("cancelled after %v, returned %v later", after, late)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled after %v: %v", after, err)
			}
			continue
		}
		<-ctx.Done()
		begin := time.Now()
		for {
			conn, err := pgx.ConnectConfig(t.Context(), s.Config(postgres.Owner, ""))
			if err != nil {
				break
			}
			conn.Close(t.Context())
			if time.Since(begin) > 5*time.Second {
				t.Fatalf("cancelled after %v, still running", after)
			}
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
	if left := leftovers(t, os.Getpid(), cache); len(left) != before {
		t.Errorf("left %v", left)
	}
}

func TestTwoAtOnce(t *testing.T) {
	version, cache := postgrestest.One(t), privateTempDir(t)
	var wg sync.WaitGroup
	for n := range 3 {
		wg.Go(func() {
			o := postgrestest.Options(version)
			o.CacheDir = cache
			i, err := postgres.Find(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			s, err := i.Start(t.Context(), postgres.StartOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.CreateDatabase(t.Context(), fmt.Sprint(n), ""); err != nil {
				t.Error(err)
			}
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := templates(t, cache); len(got) != 1 {
		t.Errorf("the cache has %v", got)
	}
}

func templates(t *testing.T, cache string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(cache, "templates", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestDamagedTemplateIsMadeAnew(t *testing.T) {
	version := postgrestest.One(t)
	damages := map[string]func(dir string) error{
		"changed": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "data", "global", "1262"), []byte("x"), 0o600)
		},
		"missing":  func(dir string) error { return os.RemoveAll(filepath.Join(dir, "data", "base")) },
		"no sum":   func(dir string) error { return os.Remove(filepath.Join(dir, "checksum")) },
		"more":     func(dir string) error { return os.WriteFile(filepath.Join(dir, "data", "more"), nil, 0o600) },
		"symlinks": func(dir string) error { return os.Symlink("/etc", filepath.Join(dir, "data", "link")) },
	}
	cache := privateTempDir(t)
	startAndStop(t, version, cache)
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir := templates(t, cache)[0]
			if err := damage(dir); err != nil {
				t.Fatal(err)
			}
			startAndStop(t, version, cache)
			if got := templates(t, cache); len(got) != 1 || got[0] != dir {
				t.Errorf("the cache has %v", got)
			}
			begin := time.Now()
			startAndStop(t, version, cache)
			t.Logf("from the new template: %v", time.Since(begin))
		})
	}
}

func TestWithoutCache(t *testing.T) {
	startAndStop(t, postgrestest.One(t), "")
}

// A cache that others can write to could hold anything.
func TestForeignCacheIsNotUsed(t *testing.T) {
	cache := privateTempDir(t)
	if err := os.Chmod(cache, 0o777); err != nil {
		t.Fatal(err)
	}
	startAndStop(t, postgrestest.One(t), cache)
	if got := templates(t, cache); len(got) != 0 {
		t.Errorf("the cache has %v", got)
	}
}

func BenchmarkStart(b *testing.B) {
	i, err := postgres.Find(b.Context(), postgrestest.Options(postgrestest.One(b)))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := i.Start(b.Context(), postgres.StartOptions{})
		if err != nil {
			b.Fatal(err)
		}
		conn, err := pgx.ConnectConfig(b.Context(), s.Config(postgres.Owner, ""))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Exec(b.Context(), "SELECT 1"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		conn.Close(b.Context())
		if err := s.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
