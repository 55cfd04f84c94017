package source

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/lint"
)

// What was only made to pass where something is there already leaves the same behind.
func TestEditedMakesTheSame(t *testing.T) {
	const head = "CREATE TABLE IF NOT EXISTS a (id int);\nDROP TABLE IF EXISTS b;\n"
	for _, c := range []struct{ tool, base, head, want string }{
		{"goose", "CREATE TABLE a (id int);\nDROP TABLE b;\n", head, "notice: 1_a is on main and was changed here; where it ran, both texts have made the same"},
		{"goose", "CREATE TABLE a (id int);\nDROP TABLE b CASCADE;\n", head, "error: 1_a is on main and was changed here; write a new migration instead"},
		{"goose", "CREATE TABLE a (id bigint);\nDROP TABLE b;\n", head, "error: 1_a is on main and was changed here; write a new migration instead"},
		{"sqlx", "CREATE TABLE a (id int);\nDROP TABLE b;\n", head, "error: 1_a is on main and was changed here; write a new migration instead"},
	} {
		tree := func(sql string) *Folder {
			if c.tool == "goose" {
				sql = "-- +goose Up\n" + sql
			}
			return loadAt(t, fstest.MapFS{"m/1_a.sql": {Data: []byte(sql)}}, "m", c.tool)
		}
		s := Review(tree(c.base), tree(c.head), ReviewOptions{Base: "main"})
		if len(s.Findings) != 1 || !strings.HasPrefix(s.Findings[0].Severity.String()+": "+s.Findings[0].Message, c.want) {
			t.Errorf("%s %q: %+v, want %s", c.tool, c.base, s.Findings, c.want)
		}
	}
}

// A tool that remembers versions alone does not notice another name; one that compares sums
// notices another comment.
func TestRenamedUnderItsVersion(t *testing.T) {
	const text = "-- +goose Up\nCREATE TABLE a (id int);\n"
	for _, c := range []struct{ tool, name, head, want string }{
		{"goose", "1_b", text, ""},
		{"goose", "1_b", "-- as asked\n" + text, ""},
		{"sqlx", "1_b", text, ""},
		{"sqlx", "1_b", "-- as asked\n" + text, "error: 1_a is on main and was renamed to 1_b; sqlx compares checksums"},
		{"sqlx", "2_a", text, "error: 1_a is on main and was renamed to 2_a; sqlx refuses"},
	} {
		tree := func(name, sql string) *Folder {
			return loadAt(t, fstest.MapFS{"m/" + name + ".sql": {Data: []byte(sql)}}, "m", c.tool)
		}
		got := ""
		for _, f := range Review(tree("1_a", text), tree(c.name, c.head), ReviewOptions{Base: "main"}).Findings {
			got += f.Severity.String() + ": " + f.Message
		}
		if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s %s %q: %s, want %s", c.tool, c.name, c.head, got, c.want)
		}
	}
}

func TestSameStatement(t *testing.T) {
	tests := []struct {
		a, b string
		same bool
	}{
		{"CREATE TABLE t (a int)", "create table  t(\n a int -- why\n)", true},
		{"CREATE TABLE t (a int)", "CREATE TABLE t (a integer)", true},
		{"CREATE TABLE t (a int)", "CREATE TABLE t (a bigint)", false},
		{"CREATE TABLE t (a int)", "CREATE TABLE public.t (a int)", false},
		{"SELECT 'a'", "SELECT 'b'", false},
		{"SELECT 'a  b'", "SELECT 'a b'", false},
		{"SELECT 1", "SELECT 1.0", false},
		{"SELECT 0", "SELECT 1", false},
		{"SELECT true", "SELECT false", false},
		{"SELECT a FROM t", "SELECT DISTINCT a FROM t", false},
		{"DROP TABLE t", "DROP TABLE t CASCADE", false},
		{"DROP TABLE t", "DROP TABLE IF EXISTS t", false},
		{`SELECT "A"`, "SELECT a", false},
		{"DO $$ BEGIN\nEND $$", "DO $$ BEGIN\r\nEND $$", true},
		{"DO $$ BEGIN END $$", "DO $x$ BEGIN END $x$", true},
		{"DO $$ BEGIN END $$", "DO $$ BEGIN  END $$", false},
		{"ALTER TABLE t ADD a int, ADD b int", "ALTER TABLE t ADD b int, ADD a int", false},
		{"INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')", "INSERT INTO t VALUES (1,'a'), (2,'b'), -- two\n(3,'c')", true},
		{"INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')", "INSERT INTO t VALUES (1, 'a'), (2, 'B'), (3, 'c')", false},
		{"INSERT INTO t VALUES ('a'), ('b\nc')", "INSERT INTO t VALUES ('a'), ('b\r\nc')", true},
		{"ALTER TABLE t ADD b int GENERATED ALWAYS AS (a) VIRTUAL", "ALTER TABLE t ADD b int GENERATED ALWAYS AS (a) STORED", false},
		{"ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", "ALTER TABLE t ADD CHECK (a > 0) NOT VALID", false},
		{"ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED", "ALTER TABLE t\n ADD CHECK (a > 0) NOT\n ENFORCED -- yet", true},
		{"MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING t.a", "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING t.b", false},
		{"SOMETHING NEW", "SOMETHING NEW", true},
		{"SOMETHING NEW", "SOMETHING  NEW", false},
		{"SOMETHING NEW", "SELECT 1", false},
	}
	for _, test := range tests {
		a, _ := lint.Parse(test.a)
		b, _ := lint.Parse(test.b)
		if got := sameStatement(a[0], b[0]); got != test.same {
			t.Errorf("%q and %q are the same: %t", test.a, test.b, got)
		}
	}
}

func TestDifferences(t *testing.T) {
	tests := []struct{ before, after, want string }{
		{"SELECT 1; SELECT 2", "SELECT 1;SELECT 3", "statement 2 of 2 differs"},
		{"SELECT 1; SELECT 2; SELECT 3", "SELECT 4;SELECT 2;SELECT 5", "statements 1, 3 of 3 differ"},
		{"SELECT 1", "SELECT 1; SELECT 2", "it had 1 statement, now 2; the first difference is at statement 2"},
		{"SELECT 1; SELECT 2", "SELECT 2", "it had 2 statements, now 1; the first difference is at statement 1"},
		{"SELECT 1; SELECT 2", "", "it had 2 statements, now 0; the first difference is at statement 1"},
		{"SELECT 1; SELECT 1; SELECT 1; SELECT 1; SELECT 1; SELECT 1", "SELECT 2; SELECT 2; SELECT 2; SELECT 2; SELECT 2; SELECT 2", "statements 1, 2, 3, 4, 5, … of 6 differ"},
	}
	for _, test := range tests {
		before, _ := lint.Parse(test.before)
		after, _ := lint.Parse(test.after)
		if got := describeDifferences(differingStatements(before, after), len(before), len(after)); got != test.want {
			t.Errorf("%q to %q: %s, want %s", test.before, test.after, got, test.want)
		}
	}
}

// Tools that hash the bytes of a file see line ends; others do not.
func TestLineEnds(t *testing.T) {
	lf := map[string]string{"1_a.sql": "SELECT 1;\nSELECT 2;\n", "2_b.sql": "SELECT 3;\n", "3_c.sql": "SELECT 4;\n"}
	crlf := map[string]string{}
	for name, text := range lf {
		crlf[name] = strings.ReplaceAll(text, "\n", "\r\n")
	}
	one := map[string]string{"1_a.sql": lf["1_a.sql"], "2_b.sql": crlf["2_b.sql"], "3_c.sql": lf["3_c.sql"]}
	for _, test := range []struct {
		key  string
		head map[string]string
		want []string
	}{
		{"sqlx", lf, nil},
		{"sqlx", one, []string{"warning migration-edited 2_b.sql: 2_b has other line ends than on main; put them back…“was previously applied but has been modified”"}},
		{"sqlx", crlf, []string{"warning migration-edited 1_a.sql: 1_a and 2 more have other line ends than on main…eol=lf into .gitattributes"}},
		{"plain", crlf, nil},
	} {
		base, head := folderIn(t, test.key, lf), folderIn(t, test.key, test.head)
		expect(t, Review(base, head, ReviewOptions{Base: "main"}), test.want...)
	}
}

func folderIn(t *testing.T, key string, files map[string]string) *Folder {
	t.Helper()
	tree := fstest.MapFS{}
	for name, text := range files {
		tree["m/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return loadAt(t, tree, "m", key)
}
