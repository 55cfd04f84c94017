//go:build unix && !race

// As growth_test.go, without the race detector.

package attack_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
)

// mostStatementGrowth is what four times the statements may take, in multiples:
// where rules look at all statements from each it is 16.
const mostStatementGrowth = 6

// TestGrowthOfStatements lints everyday migrations, once and four times as many,
// and compares the CPU time.
func TestGrowthOfStatements(t *testing.T) {
	for name, lay := range map[string]func(t *testing.T, dir string, n int) []string{
		"on new tables":    onNewTables,
		"on old tables":    onOldTables,
		"in one file":      inOneFile,
		"a seed of one":    oneInsert,
		"a seed of INSERT": manyInserts,
	} {
		t.Run(name, func(t *testing.T) { testStatementGrowth(t, lay) })
	}
}

// TestLargestTable lints a change of a table to which the base branch gave as many
// columns as PostgreSQL lets it have, each with an index, a constraint, another
// name, and most of them taken away again.
func TestLargestTable(t *testing.T) {
	const columns, limit = 1600, 5 * time.Second // takes 1 on idle cores
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("CREATE TABLE orders ();\n")
	for _, step := range []string{
		"ALTER TABLE orders ADD COLUMN c# text UNIQUE, ADD CONSTRAINT k# CHECK (c# <> '');\n",
		"CREATE INDEX i# ON orders (c#);\n",
		"ALTER TABLE orders RENAME c# TO d#;\n",
		"ALTER TABLE orders RENAME CONSTRAINT k# TO l#;\n",
		"ALTER INDEX i# RENAME TO j#;\n",
		"ALTER TABLE orders DROP CONSTRAINT l#;\n",
		"DROP INDEX j#;\n",
		"ALTER TABLE orders DROP COLUMN d#;\n",
	} {
		for i := range columns {
			text.WriteString(numbered(i, step))
		}
	}
	writeStep(t, dir, 0, text.String())
	writeStep(t, dir, 1, "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n")
	before := cpuTime(t)
	lintWith(t, dir, "--since", "00000_step")
	if took := cpuTime(t) - before; took > limit {
		t.Errorf("%d columns take %v of CPU, want less than %v", columns, took, limit)
	}
}

func testStatementGrowth(t *testing.T, lay func(*testing.T, string, int) []string) {
	took := func(n int) time.Duration {
		dir := t.TempDir()
		args := lay(t, dir, n)
		before := cpuTime(t)
		lintWith(t, dir, args...)
		return cpuTime(t) - before
	}
	n := 250
	few := took(n)
	for few < 100*time.Millisecond && n < 2000 {
		n *= 2
		few = took(n)
	}
	for try := 0; ; try++ {
		many := took(4 * n)
		t.Logf("%d steps take %v of CPU, and four times as many %v", n, few, many)
		if many < mostStatementGrowth*few {
			return
		}
		if try == 3 {
			t.Fatalf("%d steps take %v of CPU, and four times as many %v", n, few, many)
		}
		few = max(few, took(n)) // the machine is busy
	}
}

func lintWith(t *testing.T, dir string, args ...string) {
	t.Helper()
	var out bytes.Buffer
	code := cli.Main(context.Background(), cli.Env{
		Dir: dir, Stdout: &out, Stderr: &out, Grace: time.Hour, Version: "v0.0.0-test",
		Getenv: func(string) string { return "" }, Now: time.Now,
	}, append([]string{"lint"}, args...))
	if code > 1 {
		t.Fatalf("exit status %d\n%.500s", code, &out)
	}
}

// onNewTables lays n files of six statements on tables that they make.
func onNewTables(t *testing.T, dir string, n int) []string {
	for i := range n {
		writeStep(t, dir, i+1, numbered(i, `CREATE TABLE orders_# (id bigserial PRIMARY KEY, reference text NOT NULL, CONSTRAINT orders_#_key UNIQUE (reference));
CREATE INDEX orders_#_idx ON orders_# (reference);
ALTER TABLE orders_# ADD COLUMN note text;
UPDATE orders_# SET note = '' WHERE note IS NULL;
ALTER TABLE orders_# ALTER COLUMN note SET NOT NULL;
CREATE FUNCTION total_#() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT count(*) FROM orders_# $$;
`))
	}
	return []string{"--all"}
}

// onOldTables lays n tables, and n files of six statements on them, which alone
// are new.
func onOldTables(t *testing.T, dir string, n int) []string {
	var tables strings.Builder
	for i := range n {
		tables.WriteString(numbered(i, "CREATE TABLE orders_# (id bigserial PRIMARY KEY, line_id bigint, reference text, weight integer);\n"))
		writeStep(t, dir, i+1, numbered(i, `ALTER TABLE orders_# ADD COLUMN note text;
ALTER TABLE orders_# ALTER COLUMN reference SET NOT NULL;
CREATE INDEX orders_#_idx ON orders_# (note);
ALTER TABLE orders_# DROP COLUMN weight;
ALTER TABLE orders_# ADD CONSTRAINT orders_#_fk FOREIGN KEY (line_id) REFERENCES orders_# (id) ON DELETE CASCADE;
DROP INDEX orders_#_idx;
`))
	}
	writeStep(t, dir, 0, tables.String())
	return []string{"--since", "00000_step"}
}

// inOneFile lays one file of n statements.
func inOneFile(t *testing.T, dir string, n int) []string {
	var text strings.Builder
	for i := range n {
		text.WriteString(numbered(i, "ALTER TABLE orders_# ADD COLUMN note text;\n"))
	}
	writeStep(t, dir, 0, text.String())
	return []string{"--all"}
}

// oneInsert lays an INSERT of 100 n rows.
func oneInsert(t *testing.T, dir string, n int) []string {
	var text strings.Builder
	text.WriteString("CREATE TABLE items (id integer, name text);\nINSERT INTO items VALUES\n(0, 'none')")
	for i := range 100 * n {
		text.WriteString(numbered(i, ",\n(#, 'item #')"))
	}
	writeStep(t, dir, 0, text.String()+";\n")
	return []string{"--all"}
}

// manyInserts lays n INSERTs of one row.
func manyInserts(t *testing.T, dir string, n int) []string {
	var text strings.Builder
	text.WriteString("CREATE TABLE items (id integer, name text);\n")
	for i := range n {
		text.WriteString(numbered(i, "INSERT INTO items VALUES (#, 'item #');\n"))
	}
	writeStep(t, dir, 0, text.String())
	return []string{"--all"}
}

func numbered(i int, text string) string { return strings.ReplaceAll(text, "#", fmt.Sprint(i)) }

func writeStep(t *testing.T, dir string, i int, text string) {
	t.Helper()
	write(t, filepath.Join(dir, "migrations", fmt.Sprintf("%05d_step.sql", i)), text)
}
