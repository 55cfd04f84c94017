package lint_test

import (
	"fmt"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// ask runs a question at the last statement of a history: base, whose files "|"
// parts, then what is under review.
func ask(t *testing.T, base, review string, question func(*lint.Pass) string) string {
	t.Helper()
	answer := "not asked"
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if len(p.Below()) == 0 {
			answer = question(p)
		}
	}}
	sources := append(strings.Split(base, "|"), review)
	lint.Run([]*lint.History{onBase(len(sources)-1, sources...)}, nil, lint.Options{Rules: []*lint.Rule{r}})
	return answer
}

// verbs lists what happened to an object before the last statement, the first
// first, by the name it had then.
func verbs(o *lint.Object, p *lint.Pass) string {
	var names []string
	for e := range o.Before(p) {
		names = append([]string{e.Name.String()}, names...)
	}
	return strings.Join(names, " ")
}

func TestObjectsKeepTheirIdentity(t *testing.T) {
	tests := []struct{ name, base, review, want string }{
		{"renamed", "CREATE TABLE a (n int); ALTER TABLE a RENAME TO b; ALTER TABLE b ADD z int", "SELECT FROM b", "a a.n a a b.z b"},
		{"moved", "CREATE TABLE b (n int); CREATE SCHEMA app; ALTER TABLE b SET SCHEMA app; ALTER TABLE app.b SET SCHEMA public", "SELECT FROM b", "b b.n b b app.b app.b"},
		{"its schema renamed", "CREATE SCHEMA x; CREATE TABLE x.b (); ALTER SCHEMA x RENAME TO y; ALTER TABLE y.b SET SCHEMA public", "SELECT FROM b", "x.b y.b y.b"},
		{"another of the name", "CREATE TABLE b (); DROP TABLE b; CREATE TABLE b (c int)", "SELECT FROM b", "b b.c"},
		{"swapped", "CREATE TABLE b (x int); CREATE TABLE c (y int); ALTER TABLE b RENAME TO d; ALTER TABLE c RENAME TO b", "SELECT FROM b", "c c.y c c"},
		{"it was there", "ALTER TABLE b ADD z int", "SELECT FROM b", "b.z b"},
		{"IF NOT EXISTS finds it", "CREATE TABLE b (); CREATE TABLE IF NOT EXISTS b (x int)", "SELECT FROM b", "b b"},
		{"temporary hides it", "CREATE TABLE b ()", "CREATE TEMP TABLE b (x int); SELECT FROM b", "pg_temp.b pg_temp.b.x"},
		{"temporary of another session", "CREATE TABLE b (y int); CREATE TEMP TABLE b (x int)", "SELECT FROM b", "b b.y"},
		{"temporary of another file", "CREATE TEMP TABLE b (x int)| CREATE TABLE b (y int)| ALTER TABLE b ADD z int", "SELECT FROM b", "b b.y b.z b"},
		{"SELECT INTO a temporary one", "CREATE TABLE b ()", "SELECT 1 AS x INTO TEMP b; CREATE INDEX i ON b (x); SELECT FROM b", "pg_temp.b i"},
		{"nobody knows it", "CREATE TABLE a ()", "SELECT FROM b", ""},
		{"the parser knows no more than its name", "CREATE UNLOGGED TABLE IF NOT EXISTS Public . \"b\" (c int, UNIQUE (c) WHERE c > 0); ALTER TABLE b ADD z int", "SELECT FROM b", "b b.z b"},
		{"the parser knows another name", "CREATE TABLE \"B\" (c int, UNIQUE (c) WHERE c > 0)", "SELECT FROM b", ""},
		{"a block makes it", "DO $$ BEGIN CREATE TABLE b (n int); EXCEPTION WHEN duplicate_table THEN END $$; ALTER TABLE b ADD z int", "SELECT FROM b", "b b.n b.z b"},
		{"a block finds it", "CREATE TABLE b (n int)| DO 'BEGIN CREATE TABLE b (x int); EXCEPTION WHEN duplicate_table THEN NULL; END'", "SELECT FROM b", "b b.n b"},
		{"a block makes a part behind IF", "CREATE TABLE b ()| DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_constraint) THEN ALTER TABLE b ADD CONSTRAINT u UNIQUE (n); END IF; END $$", "SELECT FROM b", "b u b.u"},
		{"a block makes it perhaps", "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_class) THEN CREATE TABLE b (n int); END IF; END $$", "SELECT FROM b", ""},
		{"a block that is no list of commands", "DO $$ BEGIN FOR i IN 1 .. 2 LOOP CREATE TABLE b (); END LOOP; END $$", "SELECT FROM b", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(t, tt.base, tt.review, func(p *lint.Pass) string {
				return verbs(p.Relation(&pg.RangeVar{Relname: "b"}), p)
			})
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A sequence goes with the column that owns it, and with that of a serial one.
func TestSequencesGoWithColumns(t *testing.T) {
	const move = "CREATE SCHEMA app; ALTER TABLE t SET SCHEMA app"
	for base, want := range map[string]string{
		"CREATE TABLE t (s serial); " + move:                                                                                                            "app.t_s_seq",
		"CREATE TABLE t (s int); CREATE SEQUENCE t_s_seq OWNED BY t.s; " + move:                                                                         "app.t_s_seq",
		"CREATE TABLE t (s int); CREATE SEQUENCE t_s_seq; ALTER SEQUENCE t_s_seq OWNED BY public.t.s; " + move:                                          "app.t_s_seq",
		"CREATE TABLE t (s int); CREATE SEQUENCE t_s_seq; " + move:                                                                                      "t_s_seq",
		"CREATE TABLE t (s serial); ALTER SEQUENCE t_s_seq OWNED BY NONE; " + move:                                                                      "t_s_seq",
		"CREATE TABLE t (s serial); ALTER TABLE t DROP s":                                                                                               "",
		"CREATE TABLE t (s serial, n bigint); ALTER SEQUENCE t_s_seq OWNED BY t.n; ALTER TABLE t DROP s; ALTER TABLE t RENAME n TO s; " + move:          "app.t_s_seq",
		"CREATE TABLE t (s serial); ALTER TABLE t RENAME TO u; CREATE TABLE t (s serial); ALTER TABLE t DROP s; CREATE SEQUENCE IF NOT EXISTS t_s_seq1": "t_s_seq",
	} {
		got := ask(t, base, "SELECT FROM t, u, app.t, t_s_seq, app.t_s_seq", func(p *lint.Pass) string {
			for _, schema := range []string{"", "app"} {
				if o := p.Object(facts.Name{Kind: facts.Sequence, Schema: schema, Name: "t_s_seq"}); o != nil {
					return o.Name(p).String()
				}
			}
			return ""
		})
		if got != want {
			t.Errorf("%s: got %q, want %q", base, got, want)
		}
	}
}

func TestIsNewFollowsNames(t *testing.T) {
	tests := []struct {
		base, review string
		want         bool
	}{
		{"", "CREATE TABLE t (); CREATE SCHEMA app; ALTER TABLE t SET SCHEMA app; SELECT 1", true},
		{"CREATE TABLE t (); CREATE SCHEMA app", "ALTER TABLE t SET SCHEMA app; SELECT 1", false},
		{"CREATE TABLE t ()", "ALTER TABLE t RENAME TO x; CREATE SCHEMA app; CREATE TABLE app.t (); SELECT 1", true},
		{"CREATE SCHEMA app; CREATE TABLE app.t ()", "DROP SCHEMA app CASCADE; CREATE SCHEMA app; CREATE TABLE app.t (); SELECT 1", true},
	}
	for _, tt := range tests {
		got := ask(t, tt.base, tt.review, func(p *lint.Pass) string {
			return fmt.Sprint(p.IsNew(&pg.RangeVar{Schemaname: "app", Relname: "t"}))
		})
		if got != fmt.Sprint(tt.want) {
			t.Errorf("%s; %s: got %s", tt.base, tt.review, got)
		}
	}
}

// tableText writes a table in short.
func tableText(t *lint.Table) string {
	if t == nil {
		return "unknown"
	}
	var parts []string
	for _, c := range t.Columns {
		text := c.Name
		if c.NotNull {
			text += "!"
		}
		if c.IsFilled() {
			text += "="
		}
		parts = append(parts, text)
	}
	for _, c := range t.Constraints {
		text := c.Name + "(" + strings.Join(c.Columns, ",") + ")"
		if c.RefTable != "" {
			text += "→" + c.RefTable
		}
		if !c.Valid {
			text += "?"
		}
		parts = append(parts, text)
	}
	for _, ix := range t.Indexes {
		parts = append(parts, "["+ix.Name+" "+strings.Join(ix.Columns, ",")+"]")
	}
	text := t.QName() + ": " + strings.Join(parts, " ")
	if t.Partial {
		text += " …"
	}
	return text
}

func TestTablesAreFolded(t *testing.T) {
	tests := []struct{ name, base, want string }{
		{"created", "CREATE TABLE b (id serial PRIMARY KEY, n int NOT NULL, m int DEFAULT 1)", "public.b: id!= n! m= b_pkey(id) [b_pkey id]"},
		{"columns change", "CREATE TABLE b (n int, m int DEFAULT 1); ALTER TABLE b ALTER n SET NOT NULL, ALTER m DROP DEFAULT, ADD z int GENERATED ALWAYS AS IDENTITY", "public.b: n! m z!="},
		{"renamed column", "CREATE TABLE b (n int CHECK (n > 0)); CREATE INDEX ON b (n); ALTER TABLE b RENAME n TO m", "public.b: m b_n_check(m) [b_n_idx m]"},
		{"dropped column", "CREATE TABLE b (n int UNIQUE, m int); ALTER TABLE b DROP COLUMN n", "public.b: m"},
		{"renamed table", "CREATE TABLE a (n int UNIQUE); ALTER TABLE a RENAME TO b; ALTER TABLE b ADD UNIQUE (n)", "public.b: n a_n_key(n) b_n_key(n) [a_n_key n] [b_n_key n]"},
		{"names that are taken", "CREATE TABLE b (n int); CREATE INDEX ON b (n); CREATE INDEX ON b (n)", "public.b: n [b_n_idx n] [b_n_idx1 n]"},
		{"foreign key", "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a_id int REFERENCES a); ALTER TABLE a RENAME TO c", "public.b: a_id b_a_id_fkey(a_id)→public.c"},
		{"not validated", "CREATE TABLE b (n int); ALTER TABLE b ADD CONSTRAINT k CHECK (n > 0) NOT VALID", "public.b: n k(n)?"},
		{"validated", "CREATE TABLE b (n int); ALTER TABLE b ADD CONSTRAINT k CHECK (n > 0) NOT VALID; ALTER TABLE b VALIDATE CONSTRAINT k", "public.b: n k(n)"},
		{"constraint from an index", "CREATE TABLE b (n int); CREATE UNIQUE INDEX i ON b (n); ALTER TABLE b ADD CONSTRAINT k UNIQUE USING INDEX i", "public.b: n k(n) [k n]"},
		{"index renamed and dropped", "CREATE TABLE b (n int); CREATE INDEX i ON b (n); ALTER INDEX i RENAME TO j; DROP INDEX j", "public.b: n"},
		{"index moves with its table", "CREATE SCHEMA app; CREATE TABLE app.b (n int); CREATE INDEX i ON app.b (n); ALTER TABLE app.b SET SCHEMA public; DROP INDEX public.i", "public.b: n"},
		{"a dropped column frees the names", "CREATE TABLE b (n int UNIQUE, m serial, o int); CREATE INDEX i ON b (o) WHERE n > 1; ALTER TABLE b DROP n, DROP m; ALTER TABLE b ADD n int UNIQUE, ADD m serial; CREATE INDEX IF NOT EXISTS i ON b (o)", "public.b: o n m!= b_n_key(n) [b_n_key n] [i o]"},
		{"a dropped index does not move", "CREATE SCHEMA app; CREATE TABLE app.b (n int); CREATE INDEX i ON app.b (n); DROP INDEX app.i; ALTER TABLE app.b SET SCHEMA public; CREATE INDEX IF NOT EXISTS i ON b (n)", "public.b: n [i n]"},
		{"renamed constraint", "CREATE TABLE b (n int UNIQUE); ALTER TABLE b RENAME CONSTRAINT b_n_key TO k; CREATE INDEX IF NOT EXISTS k ON b (n)", "public.b: n k(n) [k n]"},
		{"renamed index of a constraint", "CREATE TABLE b (n int UNIQUE); ALTER INDEX b_n_key RENAME TO k; ALTER TABLE b DROP CONSTRAINT k", "public.b: n"},
		{"swapped table", "CREATE TABLE b (n int UNIQUE CHECK (n > 0)); ALTER TABLE b RENAME TO a; CREATE TABLE b (n int UNIQUE CHECK (n > 0))", "public.b: n b_n_key1(n) b_n_check1(n) [b_n_key1 n]"},
		{"an index has the name", "CREATE TABLE b (n int); CREATE INDEX b_n_key ON b (n); ALTER TABLE b ADD UNIQUE (n)", "public.b: n b_n_key1(n) [b_n_key n] [b_n_key1 n]"},
		{"dropped column of a key from an index", "CREATE TABLE b (n int, m int); CREATE UNIQUE INDEX i ON b (n); ALTER TABLE b ADD CONSTRAINT k UNIQUE USING INDEX i; ALTER TABLE b DROP n", "public.b: m"},
		{"dropped column that others' constraints name", "CREATE TABLE b (n int, m int CHECK (m > n), o int, UNIQUE (m) INCLUDE (n), EXCLUDE (o WITH =) WHERE (n > 1), EXCLUDE ((n + 1) WITH =)); ALTER TABLE b DROP n", "public.b: m o"},
		{"a check before its column", "CREATE TABLE b (n int); ALTER TABLE b ADD CONSTRAINT k CHECK (n > m), ADD m int; ALTER TABLE b DROP m", "public.b: n"},
		{"foreign key on a key that is dropped", "CREATE TABLE a (id int PRIMARY KEY); ALTER TABLE a RENAME id TO uid; CREATE TABLE b (n int REFERENCES a (uid)); ALTER TABLE a DROP CONSTRAINT a_pkey CASCADE", "public.b: n"},
		{"foreign key on another key", "CREATE TABLE a (id int PRIMARY KEY, n int); CREATE UNIQUE INDEX i ON a (n); ALTER TABLE a ADD CONSTRAINT k UNIQUE USING INDEX i; CREATE TABLE b (n int REFERENCES a); ALTER TABLE a DROP CONSTRAINT k CASCADE", "public.b: n b_n_fkey(n)→public.a"},
		{"IF NOT EXISTS finds it with its parents", "CREATE TABLE b (n int); CREATE TABLE IF NOT EXISTS b (m int UNIQUE) INHERITS (a)", "public.b: n"},
		{"copies another", "CREATE TABLE b (LIKE a, n int)", "public.b: n …"},
		{"it was there", "ALTER TABLE b ALTER n SET NOT NULL", "public.b: n! …"},
		{"dropped", "CREATE TABLE b (); DROP TABLE b", "unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ask(t, tt.base, "SELECT FROM b", func(p *lint.Pass) string { return tableText(p.Table(&pg.RangeVar{Relname: "b"})) })
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTableBeforeAfterAndFinal(t *testing.T) {
	h := onBase(1, "CREATE TABLE b (n int)", "ALTER TABLE b ADD m int; ALTER TABLE b ADD o int", "ALTER TABLE b DROP n")
	var got []string
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
		b := &pg.RangeVar{Relname: "b"}
		got = append(got, tableText(p.Table(b))+" | "+tableText(p.TableAfter(b))+" | "+tableText(p.TableFinal(b)))
	}}
	lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{r}})
	expect(t, got,
		"public.b: n | public.b: n m | public.b: m o",
		"public.b: n m | public.b: n m o | public.b: m o",
		"public.b: n m o | public.b: m o | public.b: m o")
}

// What is there in the end is looked for by what it is, not by its name, which
// another may have by then.
func TestFinalFollowsObjects(t *testing.T) {
	const base = "CREATE TABLE b (c int CONSTRAINT k CHECK (c > 0)); CREATE INDEX i ON b (c)"
	for then, want := range map[string]string{
		"SELECT 1":                  "public.b c k i",
		"ALTER TABLE b RENAME TO z": "public.z c k i",
		"ALTER TABLE b RENAME TO z; CREATE TABLE b (c int CONSTRAINT k CHECK (c > 0)); CREATE INDEX i2 ON b (c)": "public.z c k i",
		"CREATE SCHEMA app; ALTER TABLE b SET SCHEMA app":                                                        "app.b c k i",
		"ALTER TABLE b RENAME c TO d; ALTER TABLE b RENAME CONSTRAINT k TO l; ALTER INDEX i RENAME TO j":         "public.b d l j",
		"ALTER TABLE b DROP c; ALTER TABLE b ADD c int CONSTRAINT k CHECK (c > 0); CREATE INDEX i ON b (c)":      "public.b - - -",
		"ALTER TABLE b DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (c > 1)":                                        "public.b c - i",
		"CREATE INDEX j ON b (c); DROP INDEX i; ALTER INDEX j RENAME TO i":                                       "public.b c k -",
		"DROP TABLE b; CREATE TABLE b (c int CONSTRAINT k CHECK (c > 0)); CREATE INDEX i ON b (c)":               "- - - -",
	} {
		var got string
		r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
			if len(p.Above()) == 0 {
				got = finalText(p, &pg.RangeVar{Relname: "b"})
			}
		}}
		lint.Run([]*lint.History{onBase(1, base, "ANALYZE b; "+then)}, nil, lint.Options{Rules: []*lint.Rule{r}})
		if got != want {
			t.Errorf("%s: got %s, want %s", then, got, want)
		}
	}
}

// finalText names what became of a table b with a column c, a constraint k and an
// index i, "-" for what is gone.
func finalText(p *lint.Pass, b *pg.RangeVar) string {
	names := []string{"-", "-", "-", "-"}
	if t := p.TableFinal(b); t != nil {
		names[0] = t.QName()
	}
	if c := p.FinalColumn(b, "c"); c != nil {
		names[1] = c.Name
	}
	if c := p.FinalConstraint(b, "k"); c != nil {
		names[2] = c.Name
	}
	if ix := p.FinalIndex(b, "i"); ix != nil {
		names[3] = ix.Name
	}
	return strings.Join(names, " ")
}

func TestMadeAgain(t *testing.T) {
	tests := []struct {
		review string
		n      facts.Name
		want   string
	}{
		{"DROP TABLE b; CREATE TABLE b ()", facts.Name{Kind: facts.Table, Name: "b"}, "b"},
		{"ALTER TABLE b DROP c, ADD c int", facts.Name{Kind: facts.Column, Table: "b", Name: "c"}, "b.c"},
		{"DROP TABLE b; ALTER TABLE x RENAME TO b", facts.Name{Kind: facts.Table, Name: "b"}, "x"},
		{"DROP FUNCTION f(int); CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1'", facts.Name{Kind: facts.Function, Name: "f"}, "f"},
		{"DROP TABLE b; CREATE TABLE c ()", facts.Name{Kind: facts.Table, Name: "b"}, "nothing"},
	}
	for _, tt := range tests {
		var got string
		r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
			if len(p.Above()) > 0 {
				return
			}
			got = "nothing"
			if e := p.MadeAgain(tt.n); e != nil {
				got = e.Name.String()
			}
		}}
		lint.Run([]*lint.History{onBase(1, "CREATE TABLE b (c int); CREATE TABLE x ()", tt.review)}, nil, lint.Options{Rules: []*lint.Rule{r}})
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.review, got, tt.want)
		}
	}
}
