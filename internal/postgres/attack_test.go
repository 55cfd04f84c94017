package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// What SQL must not do, as the owner who runs migrations and, in a sandbox, as
// superuser. DIR is a directory that everybody may write to, PORT a port that
// this process listens on, PID a process of the account of the server.
var attacks = []struct{ name, sql string }{
	{"run a program", `COPY (SELECT 1) TO PROGRAM 'cat > DIR/program'`},
	{"read from a program", `CREATE TABLE t (x text); COPY t FROM PROGRAM '/usr/bin/id'`},
	{"write a file", `COPY (SELECT 1) TO 'DIR/file'`},
	{"read a file", `SELECT pg_read_file('/etc/passwd')`},
	{"load a file", `CREATE TABLE t (x text); COPY t FROM '/etc/passwd'`},
	{"list a directory", `SELECT pg_ls_dir('/tmp')`},
	{"read the environment", `SELECT pg_read_binary_file('/proc/self/environ')`},
	{"read another environment", `SELECT pg_read_binary_file('/proc/PID/environ')`},
	{"import a file", `SELECT lo_import('/etc/passwd')`},
	{"export a file", `SELECT lo_create(4711); SELECT lo_export(4711, 'DIR/export')`},
	{"connect with TCP", `CREATE EXTENSION dblink; SELECT dblink_connect('host=127.0.0.1 port=PORT user=x dbname=x')`},
	{"connect to a Unix socket", `CREATE EXTENSION dblink; SELECT dblink_connect('host=DIR port=5432 user=x dbname=x')`},
	{"subscribe", `CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=PORT user=x dbname=x' PUBLICATION p`},
}

// What the role alone must keep the owner from.
var privileged = []struct{ name, sql string }{
	{"grant itself programs", `GRANT pg_execute_server_program TO CURRENT_USER; COPY (SELECT 1) TO PROGRAM 'cat > DIR/granted'`},
	{"grant itself files", `GRANT pg_write_server_files TO CURRENT_USER; COPY (SELECT 1) TO 'DIR/granted'`},
	{"load a library", `LOAD '/usr/lib/evil.so'`},
	{"call a library", `CREATE FUNCTION f(int) RETURNS int AS '$libdir/plpgsql', 'f' LANGUAGE c`},
	{"make a tablespace", `CREATE TABLESPACE evil LOCATION 'DIR'`},
	{"become superuser", `ALTER ROLE CURRENT_USER SUPERUSER`},
	{"make a superuser", `CREATE ROLE evil SUPERUSER LOGIN`},
	{"change our superuser", `ALTER ROLE migvet_su PASSWORD 'x'`},
	{"become our superuser", `SET ROLE migvet_su`},
	{"change the server", `ALTER SYSTEM SET fsync = on`},
	{"get more disk", `SET temp_file_limit = '100GB'`},
	{"bypass triggers", `SET session_replication_role = replica`},
}

func TestOwnerCannotEscape(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		for _, a := range append(attacks, privileged...) {
			t.Run(fmt.Sprintf("%d/%s", s.Major(), a.name), func(t *testing.T) {
				if how, err := attack(t, s, postgres.Owner, a.sql); how != "" {
					t.Errorf("it works: %s", how)
				} else {
					t.Log(err)
				}
			})
		}
	}
}

func TestSuperuserCannotEscapeSandbox(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the sandbox is Landlock")
	}
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		if !strings.HasPrefix(s.SandboxNote(), "Landlock") {
			t.Fatalf("no sandbox: %s", s.SandboxNote())
		}
		for _, a := range attacks {
			t.Run(fmt.Sprintf("%d/%s", s.Major(), a.name), func(t *testing.T) {
				how, err := attack(t, s, postgres.Superuser, a.sql)
				t.Log(err)
				open := a.name == "connect to a Unix socket" && !s.Sandboxed()
				if how != "" && !open {
					t.Errorf("it works: %s", how)
				}
			})
		}
	}
}

// Without a sandbox a superuser gets out. This is what makes the tests above
// mean something.
func TestAttacksWork(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		i, err := postgres.Find(t.Context(), postgrestest.Options(version))
		if err != nil {
			t.Fatal(err)
		}
		s, err := i.Start(t.Context(), postgres.StartOptions{Unconfined: true})
		if err != nil {
			t.Fatal(err)
		}
		if s.Sandboxed() {
			t.Errorf("it says that there is a sandbox: %s", s.SandboxNote())
		}
		for _, a := range attacks {
			t.Run(fmt.Sprintf("%d/%s", s.Major(), a.name), func(t *testing.T) {
				if how, err := attack(t, s, postgres.Superuser, a.sql); how == "" {
					t.Errorf("it does not work: %v", err)
				}
			})
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// attack runs SQL and says how it worked, or "" and why not.
func attack(t *testing.T, s *postgres.Server, role postgres.Role, sql string) (how string, err error) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, s.Config(role, postgrestest.Database(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	tg := newTarget(t)
	pid := conn.PgConn().PID()
	sql = strings.NewReplacer("DIR", tg.dir, "PID", fmt.Sprint(pid), "PORT", fmt.Sprint(tg.port)).Replace(sql)
	_, err = conn.Exec(ctx, sql)
	if err == nil {
		return "no error", nil
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Detail != "" {
		err = fmt.Errorf("%w: %s", err, pg.Detail)
	}
	return tg.trace(t), err
}

// A target is what attacks aim at.
type target struct {
	dir     string
	port    int
	reached chan string
}

func newTarget(t *testing.T) target {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "migvettarget") // short, for the socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	tg := target{dir: dir, reached: make(chan string, 10)}
	tcp := tg.listen(t, "tcp", "127.0.0.1:0")
	tg.port = tcp.Addr().(*net.TCPAddr).Port
	socket := filepath.Join(dir, ".s.PGSQL.5432")
	tg.listen(t, "unix", socket)
	if err := os.Chmod(socket, 0o777); err != nil {
		t.Fatal(err)
	}
	return tg
}

func (tg target) listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
			tg.reached <- network
		}
	}()
	return l
}

// trace is what an attack has left, "" for nothing.
func (tg target) trace(t *testing.T) string {
	t.Helper()
	select {
	case network := <-tg.reached:
		return "it connected with " + network
	case <-time.After(20 * time.Millisecond):
	}
	entries, err := os.ReadDir(tg.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != ".s.PGSQL.5432" {
			return "it made " + e.Name()
		}
	}
	return ""
}

// The sandbox and the role must not be in the way of what migrations do.
func TestMigrationsStillWork(t *testing.T) {
	const trusted = `CREATE EXTENSION citext; CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore;`
	statements := []string{
		`CREATE TABLE t AS SELECT g AS id, repeat('x', 100) AS x FROM generate_series(1, 50000) g`,
		`CREATE INDEX CONCURRENTLY ON t (x)`,
		`SELECT count(*) FROM (SELECT x FROM t ORDER BY x, id DESC) s`,
		`VACUUM FULL t`,
		`CREATE ROLE app; GRANT app TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO app; ALTER TABLE t OWNER TO app`,
		`CREATE SCHEMA AUTHORIZATION postgres; DROP SCHEMA public CASCADE; CREATE SCHEMA public`,
		`SELECT now() AT TIME ZONE 'Europe/Berlin'`,
		`CREATE COLLATION de (provider = icu, locale = 'de')`,
		`CREATE TABLE c (x text COLLATE de); INSERT INTO c VALUES ('ä'), ('b'); SELECT * FROM c ORDER BY x`,
		`CREATE PUBLICATION p`,
		trusted,
		`CREATE DATABASE migvet_other`,
		`DROP DATABASE migvet_other`,
		`DROP OWNED BY app CASCADE; DROP ROLE app`,
	}
	ctx := context.Background()
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		conn, err := pgx.ConnectConfig(ctx, s.Config(postgres.Owner, postgrestest.Database(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range statements {
			if _, err := conn.Exec(ctx, sql); err != nil {
				t.Errorf("%d: %s: %v", s.Major(), sql, err)
			}
		}
		conn.Close(ctx)
	}
}
