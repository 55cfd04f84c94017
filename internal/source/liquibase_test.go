package source

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// TestSplitLiquibase expects what StringUtil.processMultiLineSQL of Liquibase
// 4.28.0 answered, with the comments that it strips.
func TestSplitLiquibase(t *testing.T) {
	for _, test := range []struct{ sql, delimiter, want string }{
		{"CREATE FUNCTION f() AS $$\nBEGIN\n  a; b;\nEND\n$$;\nSELECT 1;", "", "CREATE FUNCTION f() AS $$\nBEGIN\n  a; b;\nEND\n$$|SELECT 1"},
		{"CREATE FUNCTION f() AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql; SELECT 3", "", "CREATE FUNCTION f() AS $$ SELECT 1|SELECT 2 $$ LANGUAGE sql|SELECT 3"},
		{"DO $$ DECLARE x int; BEGIN PERFORM 1; IF a THEN b; END IF; END; $$; SELECT 3", "", "DO $$ DECLARE x int|BEGIN PERFORM 1; IF a THEN b; END IF|END|$$|SELECT 3"},
		{"DO $$BEGIN a; END$$; b; c", "", "DO $$BEGIN a|END$$|b|c"},
		{"BEGIN; SELECT 1; COMMIT; SELECT 2;", "", "BEGIN; SELECT 1; COMMIT; SELECT 2;"},
		{"BEGIN TRANSACTION; a; END; b", "", "BEGIN TRANSACTION|a|END|b"},
		{"BEGIN a; BEGIN b; END; c; END; d", "", "BEGIN a; BEGIN b; END; c; END|d"},
		{"x BEGIN a; b; ENDS; c END; d; e", "", "x BEGIN a; b; ENDS; c END|d|e"},
		{"SELECT a.begin; b; c", "", "SELECT a.begin|b|c"},
		{"SELECT 1;\nGO\nSELECT 2\n/\nSELECT 3", "", "SELECT 1|SELECT 2|SELECT 3"},
		{"SELECT 'a\\'; SELECT 'b;c'; SELECT 2", "", "SELECT 'a\\'; SELECT 'b|c'|SELECT 2"},
		{"SELECT 'a;b''c;d'; SELECT \"x;y\"; -- c; d\nSELECT 3 /* a; b */; SELECT 4", "", "SELECT 'a;b''c;d'|SELECT \"x;y\"|-- c; d\nSELECT 3 /* a; b */|SELECT 4"},
		{"a @@ b; c @@ d@@e", "@@", "a|b; c|d@@e"},
		{"BEGIN a @@ END @@ b @@ c", "@@", "BEGIN a @@ END|b|c"},
		{"a\n/\nb / c", `\n/`, "a|b / c"},
		{"a go\nGO\nb", "GO", "a|b"},
		{"a;;b", "", "a|b"},
	} {
		var got []string
		for _, c := range splitLiquibase(test.sql, lint.Span{Start: 0, End: len(test.sql)}, test.delimiter) {
			got = append(got, test.sql[c.Start:c.End])
		}
		if text := strings.Join(got, "|"); text != test.want {
			t.Errorf("%q parts into\n     %q\nwant %q", test.sql, text, test.want)
		}
	}
}
