//go:build unix && !race

// The race detector makes these ten times slower, and finds nothing.

package attack_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// shapes are what a stranger may fill a file with, each of some n bytes. Many
// short statements are in statements_test.go.
var shapes = map[string]func(n int) string{
	"comments that open":             repeat("", "/*", ""),
	"comments that open, with space": repeat("", "/* ", ""),
	"comments in comments":           nest("", "/*", "", "*/", ";"),
	"comments without space":         repeat("", "/*****/", ""),
	"/*/ in a comment":               repeat("/*", "/*/", "*/"),
	"line comments":                  repeat("", "-- x\n", ""),
	"dashes":                         repeat("", "-", ""),
	"lines of dashes":                repeat("", "--\n", ""),
	"stars":                          repeat("/*", "*", "*/;"),
	"plus signs":                     repeat("SELECT 1", "+", "1;"),
	"signs":                          repeat("SELECT 1", "+-", "1;"),
	"minus signs":                    repeat("SELECT ", "- ", "1;"),
	"operators":                      repeat("SELECT 1", "@-", " 1;"),
	"lesser than":                    repeat("SELECT 1", "<", " 1;"),
	"quotes":                         repeat("SELECT ", "'", ";"),
	"strings of many lines":          repeat("SELECT ", "'a'\n", ";"),
	"strings and comments":           repeat("SELECT ", "'a'\n--x\n", ";"),
	"a string and comments":          repeat("SELECT 'a'", "--x\n", ";"),
	"a string without end":           repeat("SELECT 'x", "y\n", ""),
	"double quotes":                  repeat("SELECT ", `"a".`, "a;"),
	"dollars":                        repeat("SELECT ", "$", ";"),
	"dollar quotes":                  repeat("SELECT ", "$a", ";"),
	"dollar quotes of many names":    number("SELECT ", "$a%d", ";"),
	"dollars in dollar quotes":       repeat("SELECT $x$", "$a$b", ";"),
	"a long dollar quote":            repeat("SELECT $", "a", "$"),
	"a long name":                    repeat("SELECT ", "a", ";"),
	"a long quoted name":             repeat(`SELECT "`, "a", `";`),
	"a long number":                  repeat("SELECT ", "1", ";"),
	"numbers and dots":               repeat("SELECT ", "1.", ";"),
	"Unicode strings":                repeat("SELECT ", `U&'\0061' || `, "'';"),
	"a Unicode name":                 repeat(`SELECT U&"`, `\0061`, `";`),
	"E strings":                      repeat("SELECT 1 IN (1", `,E'\n'`, ");"),
	"JSON":                           nest("SELECT '", `{"a":[`, "", "]}", "';"),
	"an IN list":                     repeat("DELETE FROM t WHERE a IN (1", ",1", ");"),
	"parameters":                     repeat("SELECT 1", ",$1", ";"),
	"rows":                           repeat("INSERT INTO t VALUES ('a', 1)", ",('a', 1)", ";"),
	"brackets":                       nest("SELECT ", "(", "1", ")", ";"),
	"open brackets":                  repeat("SELECT ", "(", ";"),
	"CASE in CASE":                   nest("SELECT ", "CASE WHEN ", "true", " THEN true END", ";"),
	"a long CASE":                    repeat("SELECT CASE", " WHEN a=1 THEN 2", " END;"),
	"arrays in arrays":               nest("SELECT ", "ARRAY[", "", "]", ";"),
	"an array":                       repeat("SELECT ARRAY[1", ",1", "];"),
	"casts":                          repeat("SELECT 1", "::int", ";"),
	"NOT":                            repeat("SELECT ", "NOT ", "true;"),
	"UNION":                          repeat("SELECT 1", " UNION SELECT 1", ";"),
	"AND and OR":                     repeat("SELECT 1 WHERE a", " AND a OR b", ";"),
	"CTEs":                           number("WITH x AS (SELECT 1)", ",x%d AS (SELECT 1)", " SELECT 1;"),
	"tables":                         number("SELECT 1 FROM a", ",t%d", ";"),
	"columns":                        number("CREATE TABLE t (a int", ",c%d int CHECK (c%d > 0)", ");"),
	"keys":                           number("CREATE TABLE t (a int", ",FOREIGN KEY (c%d) REFERENCES t%d", ");"),
	"columns that are added":         number("ALTER TABLE t ADD x int", ",ADD c%d int NOT NULL", ";"),
	"columns that are dropped":       number("ALTER TABLE t DROP x", ",DROP c%d", ";"),
	"constraints":                    number("ALTER TABLE t ADD x int", ",ADD CONSTRAINT c%d CHECK (a%d IS NOT NULL)", ";"),
	"tables that are dropped":        number("DROP TABLE a", ",t%d", ";"),
	"tables that are emptied":        number("TRUNCATE a", ",t%d", ";"),
	"labels":                         number("CREATE TYPE e AS ENUM ('x'", ",'e%d'", ");"),
	"a body":                         repeat("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC ", "DELETE FROM t; ", "END;"),
	"semicolons":                     repeat("", ";", ""),
	"placeholders":                   number("SELECT 1", ", ${x%d}", ";"),
	"template marks":                 repeat("SELECT ", "{{", ";"),
	"ignore comments":                repeat("", "-- migvet:ignore column-dropped x\n", ""),
	"ignore comments on a drop":      repeat("", "-- migvet:ignore column-dropped x\n", "DROP TABLE t;"),
	"ignore comments of long lines":  repeat("DROP TABLE t; ", "/* migvet:ignore column-dropped x */", ""),
	"ignore comments that are wrong": repeat("", "-- migvet:ignore colum-dropped x\n", ""),
	"an ignore comment":              repeat("-- migvet:ignore ", "x", " x\n"),
	"rows of COPY":                   repeat("COPY t FROM stdin;\n", "1\t2\n", "\\.\n"),
	"commands of psql":               repeat("", "\\echo x\n", ""),
	"backslashes":                    repeat("", `\`, ""),
	"breakpoints in a string":        repeat("SELECT '", "foo\n--> statement-breakpoint\n", "';"),
	"merge conflicts":                repeat("=======\n", "<<<<<<< a\n", ""),
	"carriage returns":               repeat("", "\r", ""),
	"byte order marks":               repeat("", "\ufeff", ""),
	"NUL":                            repeat("", "\x00", ""),
	"invalid UTF-8":                  repeat("", "\xff", ""),
	"bidi":                           repeat("SELECT '", "\u202e", "';"),
	"bidi in a name":                 repeat(`DROP TABLE "`, "\u202e", `";`),
}

func repeat(before, s, behind string) func(n int) string {
	return func(n int) string { return before + strings.Repeat(s, n/len(s)+1) + behind }
}

func nest(before, open, inside, end, behind string) func(n int) string {
	return func(n int) string {
		depth := n/(len(open)+len(end)) + 1
		return before + strings.Repeat(open, depth) + inside + strings.Repeat(end, depth) + behind
	}
}

func number(before, s, behind string) func(n int) string {
	return func(n int) string {
		var b strings.Builder
		b.WriteString(before)
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.ReplaceAll(s, "%d", strconv.Itoa(i)))
		}
		return b.String() + behind
	}
}

// Twice the length may take twice the time. A quadratic step shows as 16 times
// for four times the length; 7 leaves room for caches and collectors.
const mostGrowth = 7

// TestGrowth lints hostile files of one and four lengths, from reading them to
// the report, and compares the CPU time.
func TestGrowth(t *testing.T) {
	postgrestest.Once(t)
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		t.Run(name, func(t *testing.T) { testGrowth(t, "migrations/0001_a.sql", shapes[name]) })
	}
}

// Tools cut files up in their own ways.
func TestGrowthOfTools(t *testing.T) {
	postgrestest.Once(t)
	for name, tool := range map[string]struct {
		path  string
		shape func(n int) string
	}{
		"Flyway":              {"migrations/V1__a.sql", repeat("SELECT '", "${flyway:timestamp} ", "';")},
		"Flyway, COPY":        {"migrations/V1__a.sql", repeat("COPY t FROM stdin;\n", "1\n\\.\n", "")},
		"goose":               {"migrations/00001_a.sql", repeat("-- +goose Up\n", "-- +goose StatementBegin\n", "")},
		"goose, ENVSUB":       {"migrations/00001_a.sql", repeat("-- +goose Up\n-- +goose ENVSUB ON\nSELECT '", "$$x", "';")},
		"dbmate":              {"migrations/20200101000000_a.sql", repeat("-- migrate:up\n", "-- migrate:up transaction:false\n", "")},
		"sql-migrate":         {"migrations/1_a.sql", repeat("-- +migrate Up\n", "-- +migrate StatementBegin\n", "")},
		"golang-migrate":      {"migrations/1_a.up.sql", repeat("SELECT '", "-- x\n", "';")},
		"Supabase":            {"supabase/migrations/20200101000000_a.sql", repeat("SELECT '", "$$;", "';")},
		"Liquibase":           {"migrations/a.sql", repeat("--liquibase formatted sql\n--changeset a:1\n", "--comment x\n", "SELECT 1;")},
		"Liquibase, ignore":   {"migrations/a.sql", repeat("--liquibase formatted sql\n--changeset a:1\n", "--ignoreLines:1\n", "SELECT 1;")},
		"Liquibase, rollback": {"migrations/a.sql", repeat("--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n", "--rollback x\n", "")},
	} {
		t.Run(name, func(t *testing.T) { testGrowth(t, tool.path, tool.shape) })
	}
}

func testGrowth(t *testing.T, path string, shape func(n int) string) {
	n := 16 << 10
	short := lintTime(t, path, shape(n))
	for short < 20*time.Millisecond && n < 128<<10 {
		n *= 2
		short = lintTime(t, path, shape(n))
	}
	for try := 0; ; try++ {
		long := lintTime(t, path, shape(4*n))
		t.Logf("%d KiB take %v of CPU, and four times as much %v", n>>10, short, long)
		if long < mostGrowth*short {
			return
		}
		if try == 3 || long > 2*time.Second {
			t.Fatalf("%d KiB take %v of CPU, and four times as much %v", n>>10, short, long)
		}
		short = max(short, lintTime(t, path, shape(n))) // the machine is busy
	}
}

// TestLargestFiles lints files of the largest size that is read.
func TestLargestFiles(t *testing.T) {
	postgrestest.Once(t)
	for _, name := range []string{
		"comments that open", "plus signs", "brackets", "dollar quotes of many names", "a string without end",
		"ignore comments on a drop", "columns that are dropped", "invalid UTF-8",
	} {
		t.Run(name, func(t *testing.T) {
			const limit = 30 * time.Second // "brackets" takes 11 on idle cores, others less
			if took := lintTime(t, "migrations/0001_a.sql", shapes[name](15<<20)); took > limit {
				t.Errorf("15 MiB take %v of CPU, want less than %v", took, limit)
			}
		})
	}
}

// lintTime returns the CPU time that a lint of a folder with one file takes.
func lintTime(t *testing.T, path, text string) time.Duration {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, filepath.FromSlash(path)), text)
	before := cpuTime(t)
	code, output := lintAll(dir, cli.Env{})
	took := cpuTime(t) - before
	if code == 2 || code == 4 {
		t.Fatalf("exit status %d\n%.500s", code, output)
	}
	return took
}

// lintAll lints all migrations below a directory, with the limits of env.
func lintAll(dir string, env cli.Env) (code int, output string) {
	var out bytes.Buffer
	env.Dir, env.Stdout, env.Stderr, env.Grace, env.Version = dir, &out, &out, time.Hour, "v0.0.0-test"
	env.Getenv, env.Now = func(string) string { return "" }, time.Now
	code = cli.Main(context.Background(), env, []string{"lint", "--all"})
	return code, out.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		t.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// Files that are bounded each are bounded together.
func TestManyFilesAreBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range 30 {
		write(t, filepath.Join(dir, "migrations", fmt.Sprintf("%04d_a.sql", i)), "SELECT 1; -- "+strings.Repeat("x", 100_000))
	}
	if code, output := lintAll(dir, cli.Env{MaxText: 4 << 20}); code != 0 {
		t.Errorf("3 MB of 4 MiB: exit status %d\n%s", code, output)
	}
	code, output := lintAll(dir, cli.Env{MaxText: 1 << 20})
	if code != 3 || !strings.Contains(output, "with migrations/0010_a.sql the migrations of both branches have more than 1 MiB of text, the most that migvet reads") {
		t.Errorf("3 MB of 1 MiB: exit status %d\n%s", code, output)
	}
}

// Trees of all files together are bounded.
func TestTreesAreBounded(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		write(t, filepath.Join(dir, "migrations", fmt.Sprintf("%04d_a.sql", i)), strings.Repeat("SELECT 1"+strings.Repeat("::int", 100)+";\n", 10))
	}
	if code, output := lintAll(dir, cli.Env{MaxTokens: 10_000}); code != 0 {
		t.Errorf("6,000 of 10,000 tokens: exit status %d\n%s", code, output)
	}
	code, output := lintAll(dir, cli.Env{MaxTokens: 3_000})
	if code != 3 || !strings.Contains(output, "migrations/0002_a.sql:1: what follows from here was neither linted nor run: what is before it is as much SQL as migvet reads in one run") {
		t.Errorf("6,000 of 3,000 tokens: exit status %d\n%s", code, output)
	}
}
