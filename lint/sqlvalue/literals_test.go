package sqlvalue

import (
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

func expression(t *testing.T, sql string) *pg.Node {
	t.Helper()
	targets := lint.Tree("SELECT " + sql).GetSelectStmt().GetTargetList()
	if len(targets) != 1 {
		t.Fatalf("%s is no expression", sql)
	}
	return targets[0].GetResTarget().Val
}

func TestReadLiteral(t *testing.T) {
	tests := []struct {
		sql, text, shown string
		kind             LiteralKind
		casts            int
	}{
		{"'it''s'", "it's", "'it''s'", StringLiteral, 0},
		{"'1'::text::int", "1", "'1'", StringLiteral, 2},
		{"1.50", "1.50", "1.50", NumberLiteral, 0},
		{"-1", "-1", "-1", NumberLiteral, 0},
		{"99999999999", "99999999999", "99999999999", NumberLiteral, 0},
		{"true", "true", "true", BooleanLiteral, 0},
		{"x'1F'", "x1F", "X'1F'", BitLiteral, 0},
		{"NULL::int", "", "NULL", NullLiteral, 1},
		{"'a\nb'", "a\nb", "'a b'", StringLiteral, 0},
	}
	for _, test := range tests {
		l, ok := ReadLiteral(expression(t, test.sql))
		if !ok || l.Kind != test.kind || l.Text != test.text || l.String() != test.shown || len(l.Casts) != test.casts {
			t.Errorf("%s: kind %d, text %q, shown as %s, %d casts; want %+v", test.sql, l.Kind, l.Text, l, len(l.Casts), test)
		}
	}
	for _, sql := range []string{"now()", "a", "1 + 1", "ARRAY['a']"} {
		if l, ok := ReadLiteral(expression(t, sql)); ok {
			t.Errorf("%s is read as %s", sql, l)
		}
	}
	if _, ok := ReadLiteral(nil); ok {
		t.Error("nothing is read as a constant")
	}
}

func TestCasts(t *testing.T) {
	l, _ := ReadLiteral(expression(t, "'1.5'::text::numeric"))
	if got := l.InputType(ParseType("int")).String(); got != "text" {
		t.Errorf("the text is read by the input function of %s, want that of the innermost cast", got)
	}
	if l.OnlyCastTo("numeric") || !l.OnlyCastTo("numeric", "text") {
		t.Error("OnlyCastTo does not look at each cast")
	}
	for sql, want := range map[string]bool{"'1.5'": true, "1.5::numeric": true, "1.5::numeric(5,2)": false, "1.5::int": false, "true": false, "'NaN'": false} {
		l, _ := ReadLiteral(expression(t, sql))
		if _, ok := l.Number(ParseType("numeric")); ok != want {
			t.Errorf("%s is a number in a numeric column: %t, want %t", sql, ok, want)
		}
	}
}
