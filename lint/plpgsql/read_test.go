package plpgsql_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint/plpgsql"
)

// read is what is found in a body: the line of each command, and the statements
// in it.
func read(body string) []string {
	var found []string
	for c := range plpgsql.Read(body) {
		var statements []string
		for _, s := range c.Statements {
			text := strings.Join(strings.Fields(s.SQL), " ")
			if s.Node == nil {
				text = "unknown: " + text
			}
			statements = append(statements, text)
		}
		mark := ""
		switch {
		case c.Open:
			mark = "open "
		case c.Dynamic:
			mark = "dynamic "
		}
		found = append(found, fmt.Sprintf("%d %s%s", c.Line, mark, strings.Join(statements, "; ")))
	}
	return found
}

func TestRead(t *testing.T) {
	tests := []struct {
		name, body string
		want       []string
	}{
		{"nothing", "BEGIN NULL; END", nil},
		{"one", "BEGIN DELETE FROM a; END", []string{"1 DELETE FROM a"}},
		{"lines", "\nBEGIN\n  DELETE FROM a;\n\n  DROP TABLE b;\nEND\n", []string{"3 DELETE FROM a", "5 DROP TABLE b"}},
		{"declarations", "DECLARE n int := (SELECT count(*) FROM a); drop_at date; BEGIN DROP TABLE b; END", []string{"1 DROP TABLE b"}},
		{"branches", "BEGIN IF a THEN DROP TABLE b; ELSIF c THEN DROP TABLE d; ELSE DROP TABLE e; END IF; END",
			[]string{"1 DROP TABLE b", "1 DROP TABLE d", "1 DROP TABLE e"}},
		{"a condition with a query", "BEGIN IF (SELECT CASE WHEN x THEN 1 ELSE 2 END) = 1 THEN DROP TABLE b; END IF; END", []string{"1 DROP TABLE b"}},
		{"case", "BEGIN CASE n WHEN 1, 2 THEN DROP TABLE b; WHEN 3 THEN DROP TABLE c; ELSE DROP TABLE d; END CASE; DROP TABLE e; END",
			[]string{"1 DROP TABLE b", "1 DROP TABLE c", "1 DROP TABLE d", "1 DROP TABLE e"}},
		{"loops", "BEGIN <<l>> LOOP DROP TABLE a; EXIT l WHEN true; END LOOP l; WHILE x LOOP DROP TABLE b; END LOOP; FOR i IN 1..2 LOOP DROP TABLE c; END LOOP; FOREACH t IN ARRAY ts LOOP DROP TABLE d; END LOOP; END",
			[]string{"1 DROP TABLE a", "1 DROP TABLE b", "1 DROP TABLE c", "1 DROP TABLE d"}},
		{"a query of a loop", "BEGIN FOR r IN DELETE FROM a RETURNING id LOOP NULL; END LOOP; FOR r IN SELECT 1 LOOP DROP TABLE b; END LOOP; END",
			[]string{"1 DELETE FROM a RETURNING id", "1 DROP TABLE b"}},
		{"a bound cursor", "DECLARE c CURSOR FOR SELECT 1; BEGIN FOR r IN c LOOP DROP TABLE a; END LOOP; END", []string{"1 DROP TABLE a"}},
		{"handlers", "BEGIN BEGIN NULL; EXCEPTION WHEN unique_violation OR SQLSTATE '22012' THEN DROP TABLE a; WHEN others THEN DROP TABLE b; END; END",
			[]string{"1 DROP TABLE a", "1 DROP TABLE b"}},
		{"options", "#variable_conflict use_column\nBEGIN DROP TABLE a; END", []string{"2 DROP TABLE a"}},
		{"targets", "BEGIN DELETE FROM a RETURNING id, n INTO STRICT x.y, z[1]; WITH d AS (DELETE FROM b RETURNING *) SELECT count(*) INTO n FROM d; WITH d AS (SELECT 1) INSERT INTO c SELECT * FROM d; END",
			[]string{"1 DELETE FROM a RETURNING id, n", "1 WITH d AS (DELETE FROM b RETURNING *) SELECT count(*) FROM d"}},
		{"unknown syntax hides no neighbour", "BEGIN UPDATE a SET b = 1 RETURNING old.b WITH x; DROP TABLE c; END",
			[]string{"1 unknown: UPDATE a SET b = 1 RETURNING old.b WITH x", "1 DROP TABLE c"}},
		{"assignments", "BEGIN n := 1; n = (SELECT 2); a.b[1] := 'DELETE FROM x;'; END", nil},
		{"comments", "BEGIN /* DROP TABLE a; */ DROP -- b\n TABLE c; END", []string{"1 DROP -- b TABLE c"}},
		{"constant", "BEGIN EXECUTE 'DROP TABLE a; DELETE FROM b'; END", []string{"1 dynamic DROP TABLE a; DELETE FROM b"}},
		{"quoted", "BEGIN EXECUTE format('DROP TABLE %I.%I', s, t) USING 1; EXECUTE 'DELETE FROM ' || quote_ident(t) || ' WHERE a = ' || quote_literal(x) INTO n; END",
			[]string{`1 dynamic DROP TABLE "…"."…"`, `1 dynamic DELETE FROM "…" WHERE a = ''`}},
		{"put together", "BEGIN EXECUTE v; EXECUTE format('DROP %s', v); FOR r IN EXECUTE 'DELETE FROM ' || v LOOP NULL; END LOOP; RETURN QUERY EXECUTE v; OPEN c FOR EXECUTE v; END",
			[]string{`1 open unknown: "…"`, `1 open unknown: DROP "…"`, `1 open DELETE FROM "…"`, `1 open unknown: "…"`, `1 open unknown: "…"`}},
		{"another's quote_ident", "BEGIN EXECUTE 'DROP TABLE ' || my.quote_ident(t); END", []string{`1 open DROP TABLE "…"`}},
		{"not ended", "BEGIN IF x THEN DROP TABLE a", []string{"1 DROP TABLE a"}},
		{"a literal that does not end", "BEGIN DROP TABLE a; x := 'b", nil},
		{"brackets", ")))] DROP TABLE a;", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(tt.body); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Always is said of what no branch, no RETURN and no handler leads around.
func TestReadAlways(t *testing.T) {
	tests := []struct{ body, always string }{
		{"BEGIN DROP TABLE a; BEGIN DROP TABLE b; END; END", "a b"},
		{"BEGIN IF x THEN DROP TABLE a; ELSE DROP TABLE b; END IF; DROP TABLE c; END", "c"},
		{"BEGIN CASE x WHEN 1 THEN DROP TABLE a; END CASE; DROP TABLE b; END", "b"},
		{"BEGIN WHILE x LOOP DROP TABLE a; END LOOP; FOR i IN 1..2 LOOP DROP TABLE b; END LOOP; LOOP DROP TABLE c; END LOOP; DROP TABLE d; END", "d"},
		{"BEGIN DROP TABLE a; IF x THEN RETURN; END IF; DROP TABLE b; END", "a"},
		{"BEGIN DROP TABLE a; EXCEPTION WHEN others THEN DROP TABLE b; END", ""},
		{"BEGIN IF x THEN RAISE EXCEPTION 'no'; END IF; DROP TABLE a; END", "a"},
	}
	for _, tt := range tests {
		var always []string
		for c := range plpgsql.Read(tt.body) {
			if c.Always {
				always = append(always, strings.TrimPrefix(c.Statements[0].SQL, "DROP TABLE "))
			}
		}
		if got := strings.Join(always, " "); got != tt.always {
			t.Errorf("%s\ngot %q, want %q", tt.body, got, tt.always)
		}
	}
}

// Every command stands where it says, and its statements inside of it.
func TestReadPlaces(t *testing.T) {
	body := "\nBEGIN\n\tIF é THEN DELETE FROM a RETURNING id INTO x; END IF;\n\tPERFORM f(); EXECUTE 'DROP TABLE b';\nEND"
	var got []string
	for c := range plpgsql.Read(body) {
		got = append(got, body[c.Start:c.End])
		for _, s := range c.Statements {
			if s.Start != c.Start {
				t.Errorf("%s stands at %d, its command at %d", s.SQL, s.Start, c.Start)
			}
		}
	}
	if want := []string{"DELETE FROM a RETURNING id INTO x", "EXECUTE 'DROP TABLE b'"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, body := range []string{"BEGIN DELETE FROM a INTO", "FOR r IN EXECUTE", "<<", "#", "INTO x[", "OPEN c FOR", "RETURN QUERY", "CASE", "EXECUTE format('%I')"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for c := range plpgsql.Read(body) {
			if c.Start < 0 || c.End > len(body) || c.Start > c.End || c.Line < 1 {
				t.Errorf("command from %d to %d in line %d", c.Start, c.End, c.Line)
			}
		}
	})
}
