package attack_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// A trick is a migration that means to mislead, stall or exhaust migvet itself.
// It goes the whole way, through migvet check.
type trick struct {
	name, sql string
	superuser bool   // needs one; else it runs as owner
	want      string // in the report
	exit      int
	timeout   time.Duration // of a statement; 0 for the usual
}

const (
	stuck    = "still running after"
	mistrust = "so what it saw cannot be trusted"
	dropped  = "dropping column people.name loses its data; 12 rows in the trial had a value"
	dropName = "ALTER TABLE people DROP COLUMN name;"
)

var tricks = []trick{
	{name: "endless loop", timeout: 2 * time.Second, want: stuck, exit: 3, sql: `DO 'BEGIN LOOP END LOOP; END'`},
	{name: "catch query_canceled for ever", timeout: 2 * time.Second, want: stuck, exit: 3,
		sql: `SET statement_timeout = 0; DO $$BEGIN LOOP BEGIN PERFORM pg_sleep(100); EXCEPTION WHEN query_canceled OR OTHERS THEN NULL; END; END LOOP; END$$`},
	{name: "flood of notices", timeout: 2 * time.Second, want: stuck, exit: 3, sql: `DO $$BEGIN LOOP RAISE NOTICE '%', repeat('x', 1000000); END LOOP; END$$`},
	{name: "flood of notifications", timeout: 2 * time.Second, want: stuck, exit: 3,
		sql: `LISTEN a; DO $$BEGIN LOOP PERFORM pg_notify('a', gen_random_uuid() || repeat('x', 7000)); END LOOP; END$$`},
	{name: "memory without end", timeout: 3 * time.Second, want: stuck, exit: 3,
		sql: `DO $$DECLARE a text[]; BEGIN LOOP a := a || repeat('x', 100000000); END LOOP; END$$`},
	{name: "row of 900 MB", timeout: 15 * time.Minute, want: "not tried to the end", exit: 3, sql: `SELECT repeat('x', 900000000)`},
	{name: "temporary files without end", want: "temp_file_limit", exit: 3,
		sql: `SELECT count(*) FROM (SELECT repeat(md5(g::text), 100) AS x FROM generate_series(1, 1000000) g ORDER BY 1) s`},
	{name: "recursion without end", want: "stack depth limit exceeded", exit: 4,
		sql: `CREATE FUNCTION r(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN r(i + 1); END'; SELECT r(1)`},
	{name: "expression nested 40,000 deep", want: "nested too deeply", exit: 4, sql: "SELECT " + strings.Repeat("(", 40_000) + "1" + strings.Repeat(")", 40_000)},
	{name: "file of 17 MB", want: "larger than 16 MiB", exit: 3, sql: "SELECT '" + strings.Repeat("x", 17<<20) + "'"},
	{name: "NUL in the file", want: "NUL bytes", exit: 3, sql: "SELECT '\x00'"},
	{name: "end its own session", want: "not tried to the end", exit: 3, sql: `SELECT pg_terminate_backend(pg_backend_pid())`},
	{name: "take 10,000 advisory locks", want: "applied", exit: 0, sql: `SELECT pg_advisory_lock(g) FROM generate_series(1, 10000) g`},
	{name: "temporary tables named like catalogs", want: dropped, exit: 1, sql: `CREATE TEMP TABLE pg_class (oid oid); CREATE TEMP TABLE pg_namespace (oid oid); ` + dropName},
	{name: "operators and functions that shadow ours", want: dropped, exit: 1,
		sql: `CREATE FUNCTION public.eq(oid, oid) RETURNS bool LANGUAGE sql AS 'SELECT false'; CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = public.eq);
			CREATE FUNCTION public.format(text, VARIADIC name[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text'; SET search_path = public, pg_catalog; ` + dropName},
	{name: "forged messages of our event triggers", want: "an event trigger could not tell", exit: 3,
		sql: `DO $$BEGIN RAISE INFO USING ERRCODE = 'MV001', MESSAGE = 'migvet', DETAIL = 'x'; ` + dropName + ` END$$`},
	{name: "settings of the role and the database", want: dropped, exit: 1,
		sql: `ALTER ROLE CURRENT_USER SET search_path = nowhere; ALTER ROLE CURRENT_USER SET default_transaction_read_only = on; ` + dropName},
	{name: "leave us no time to ask", want: "canceling statement due to statement timeout", exit: 3,
		sql: `DO $$BEGIN ` + dropName + ` PERFORM set_config('statement_timeout', '1', false); END$$`},
	{name: "settings of the session", want: dropped, exit: 1,
		sql: `SET client_min_messages = error; SET standard_conforming_strings = off; SET client_encoding = 'LATIN1'; SET row_security = off; DEALLOCATE ALL; ` + dropName},
	{name: "drop our event triggers", superuser: true, want: mistrust, exit: 3, sql: `DROP EVENT TRIGGER migvet_on_drop; ` + dropName},
	{name: "switch our event triggers off and on", superuser: true, want: mistrust, exit: 3,
		sql: `DO $$BEGIN ALTER EVENT TRIGGER migvet_on_drop DISABLE; ` + dropName + ` ALTER EVENT TRIGGER migvet_on_drop ENABLE ALWAYS; END$$`},
	{name: "replace our functions", superuser: true, want: mistrust, exit: 3,
		sql: `CREATE OR REPLACE FUNCTION pg_catalog.migvet_count(relation oid) RETURNS int8 LANGUAGE sql AS 'SELECT 0::int8'; ` + dropName},
	{name: "replace what our functions call", superuser: true, want: mistrust, exit: 3,
		sql: `CREATE FUNCTION pg_catalog.format(text, VARIADIC name[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text'; ` + dropName},
	{name: "rename our superuser", superuser: true, want: "not tried", exit: 3, sql: `ALTER ROLE migvet_su RENAME TO x`},
	{name: "fill the disk", superuser: true, want: "MiB of disk, so the server was stopped", exit: 3,
		sql: `SET temp_file_limit = -1; CREATE TABLE fill (x text); ALTER TABLE fill ALTER x SET STORAGE EXTERNAL;
			DO $$BEGIN LOOP INSERT INTO fill SELECT repeat('x', 10000000) FROM generate_series(1, 10); END LOOP; END$$`},
}

// throughCheck runs the tricks on one version: what migvet does about them does
// not depend on it.
func throughCheck(t *testing.T, seen *results) {
	version := postgrestest.One(t)
	major := postgrestest.Server(t, version).Major()
	for _, k := range tricks {
		t.Run(k.name, func(t *testing.T) {
			dir := k.repository(t)
			code, report := check(t, dir, version, k.timeout)
			if code != k.exit || !strings.Contains(report, k.want) {
				t.Errorf("exit status %d, want %d and %q in:\n%.3000s", code, k.exit, k.want, report)
			}
			seen.add(k.name, k.role(), major, fmt.Sprintf("status %d: %s", code, said(report, k.want)))
			requireClean(t)
		})
	}
}

// varying is what differs from run to run, from machine to machine and from
// version to version.
var varying = []struct {
	pattern *regexp.Regexp
	stands  string
}{
	{regexp.MustCompile(`\b\d+(\.\d+)? (ms|s)\b`), "some time"},
	{regexp.MustCompile(`\S*/migvet-\d+-\S*`), "a directory"},
	{regexp.MustCompile(`PostgreSQL \d+\.\d+`), "PostgreSQL"},
	// Whoever asks first finds the superuser gone; the others say so as well.
	{regexp.MustCompile(`not tried: .*migvet_su.*`), "not tried: there is no role migvet_su"},
	{regexp.MustCompile(`"`), ""}, // around the names of settings, from 17 on
	// It depends on the moment which question is cut off, and which statement ran.
	{regexp.MustCompile(`not tried: .*(canceling statement due to statement timeout).*`), "not tried: $1"},
	{regexp.MustCompile(`(trick\.sql):\d+(: not tried to the end)`), "$1$2"},
}

// said is the line of the report that has what is wanted, without what varies.
func said(report, want string) string {
	for line := range strings.Lines(report) {
		if !strings.Contains(line, want) {
			continue
		}
		for _, v := range varying {
			line = v.pattern.ReplaceAllString(line, v.stands)
		}
		return strings.TrimSpace(line)
	}
	return "nothing of the kind"
}

func (k trick) role() postgres.Role {
	if k.superuser {
		return postgres.Superuser
	}
	return postgres.Owner
}

// repository has one table on the base branch, and the trick.
func (k trick) repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"migrations/0001_people.sql": "CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL);",
		"migrations/0002_trick.sql":  k.sql,
	}
	if k.superuser {
		files[".migvet.yml"] = "role: superuser\n"
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// check runs migvet check in this process.
func check(t *testing.T, dir, version string, timeout time.Duration) (code int, report string) {
	t.Helper()
	var out bytes.Buffer
	o := postgrestest.Options(version)
	env := cli.Env{
		Dir: dir, Stdout: &out, Stderr: &out, Getenv: os.Getenv, CacheDir: o.CacheDir, Now: time.Now, Grace: time.Minute, Version: "test",
	}
	args := []string{"check", "--since", "0001", "--format", "text", "--no-color"}
	if o.Version != 0 {
		args = append(args, "--postgres", fmt.Sprint(o.Version))
	} else if o.BinDir != "" {
		args = append(args, "--postgres-bin", o.BinDir)
	}
	if timeout > 0 {
		args = append(args, "--statement-timeout", timeout.String())
	}
	code = cli.Main(context.Background(), env, args)
	return code, out.String()
}

// requireClean wants nothing of this process to be left but the servers that
// the tests share.
func requireClean(t *testing.T) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for {
		left := directories(t)
		if len(left) <= len(postgrestest.Versions(t)) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left behind: %v", left)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func directories(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, root := range []string{"/dev/shm", os.TempDir()} {
		found, err := filepath.Glob(filepath.Join(root, fmt.Sprintf("migvet-%d-*", os.Getpid())))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}
