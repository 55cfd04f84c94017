package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

const bom = "\ufeff"

// texts returns the SQL of statements after checking that it is what stands at
// their place.
func texts(t *testing.T, source string, statements []*lint.Statement) []string {
	t.Helper()
	var all []string
	for _, s := range statements {
		if source[s.Start:s.End] != s.SQL {
			t.Errorf("SQL is %q, at its place stands %q", s.SQL, source[s.Start:s.End])
		}
		all = append(all, s.SQL)
	}
	return all
}

func TestParseSplits(t *testing.T) {
	const atomic = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN CASE 1 WHEN 1 THEN 1 END END; SELECT 2; END"
	tests := []struct {
		name, source string
		want         []string
	}{
		{"nothing", "", nil},
		{"space", " \t\r\n\f", nil},
		{"semicolons", ";; ;", nil},
		{"comment", "-- nothing; here", nil},
		{"one", "SELECT 1", []string{"SELECT 1"}},
		{"no final semicolon", "SELECT 1;\nSELECT 2\n", []string{"SELECT 1", "SELECT 2"}},
		{"empty between", ";SELECT 1;;SELECT 2;", []string{"SELECT 1", "SELECT 2"}},
		{"CRLF and tabs", "\tSELECT\r\n\t1;\r\n\tSELECT 2;\r\n", []string{"SELECT\r\n\t1", "SELECT 2"}},
		{"comments first", "-- a\n/* b */ SELECT 1; -- c\n-- d\nSELECT 2 /* e */", []string{"SELECT 1", "SELECT 2"}},
		{"comment inside", "SELECT /* a; */ 1 -- ;\n, 2;", []string{"SELECT /* a; */ 1 -- ;\n, 2"}},
		{"nested comment", "SELECT /* a /* b; */ c; */ 1; SELECT 2", []string{"SELECT /* a /* b; */ c; */ 1", "SELECT 2"}},
		{"string", "SELECT 'a;''b;'; SELECT 2", []string{"SELECT 'a;''b;'", "SELECT 2"}},
		{"escape string", `SELECT E'a\'; b'; SELECT 2`, []string{`SELECT E'a\'; b'`, "SELECT 2"}},
		{"no escape", `SELECT 'a\'; SELECT 2`, []string{`SELECT 'a\'`, "SELECT 2"}},
		{"continued string", "SELECT 'a;'\n';b'; SELECT 2", []string{"SELECT 'a;'\n';b'", "SELECT 2"}},
		{"identifier", `SELECT "a;""b;"; SELECT 2`, []string{`SELECT "a;""b;"`, "SELECT 2"}},
		{"unicode string", `SELECT U&'d\0061t'; SELECT 2`, []string{`SELECT U&'d\0061t'`, "SELECT 2"}},
		{"unicode string at the end", "SELECT U&'é' \n", []string{"SELECT U&'é'"}},
		{"unicode string with escape", `SELECT U&'d!0061' UESCAPE '!'; SELECT 2`, []string{`SELECT U&'d!0061' UESCAPE '!'`, "SELECT 2"}},
		{"unicode identifier", `SELECT 1 AS U&"d\0061t" ; SELECT 2`, []string{`SELECT 1 AS U&"d\0061t"`, "SELECT 2"}},
		{"unicode string, comment", "SELECT U&'a' -- b\n; SELECT 2", []string{"SELECT U&'a'", "SELECT 2"}},
		{"dollar quotes", "DO $$ BEGIN; END $$; SELECT 2", []string{"DO $$ BEGIN; END $$", "SELECT 2"}},
		{"tagged dollar quotes", "SELECT $a$ $$;$b$; $a$; SELECT 2", []string{"SELECT $a$ $$;$b$; $a$", "SELECT 2"}},
		{"dollar in a name", "SELECT a$$ FROM t; SELECT 2", []string{"SELECT a$$ FROM t", "SELECT 2"}},
		{"rule", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
			[]string{"CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"}},
		{"atomic body", atomic + "; SELECT 3", []string{atomic, "SELECT 3"}},
		{"begin as a name", "SELECT x.begin atomic FROM x; SELECT 2", []string{"SELECT x.begin atomic FROM x", "SELECT 2"}},
		{"transaction", "BEGIN; SELECT 1; END; SELECT 2", []string{"BEGIN", "SELECT 1", "END", "SELECT 2"}},
		{"byte order mark", bom + "SELECT 1; SELECT 2", []string{"SELECT 1", "SELECT 2"}},
		{"byte order mark, comment", bom + "-- a\nSELECT 1", []string{"SELECT 1"}},
		{"letters of other scripts", "SELECT 'é', \"日本\", 😀; SELECT 2", []string{"SELECT 'é', \"日本\", 😀", "SELECT 2"}},
		{"unclosed parenthesis", "SELECT (1; SELECT 2", []string{"SELECT (1; SELECT 2"}},
		{"closing parenthesis too many", "SELECT 1); SELECT 2", []string{"SELECT 1)", "SELECT 2"}},
		{"meta command", "SELECT 1;\n\\d t\n;SELECT 2", []string{"SELECT 1", "\\d t", "SELECT 2"}},
		{"copy data", "COPY t FROM stdin;\n1\t2\n\\.\n;SELECT 1", []string{"COPY t FROM stdin", "1\t2\n\\.", "SELECT 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			statements, _ := lint.Parse(tt.source)
			if got := texts(t, tt.source, statements); !slices.Equal(got, tt.want) {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestParseKnowsWhatItSplits(t *testing.T) {
	source := "CREATE TABLE t (); DO $$ $$; CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; COMMENT ON TABLE t IS U&'a'"
	statements, _ := lint.Parse(source)
	if len(statements) != 4 {
		t.Fatalf("%d statements", len(statements))
	}
	for _, s := range statements {
		if s.Node == nil || s.ParseError != nil {
			t.Errorf("%s: node %v, error %v", s.SQL, s.Node, s.ParseError)
		}
	}
	if statements[0].Node.GetCreateStmt() == nil || statements[3].Node.GetCommentStmt() == nil {
		t.Error("the trees are not those of the statements")
	}
}

// A comment, however long, hides no statement from the rules.
func TestParseLongComment(t *testing.T) {
	for _, padding := range []string{"/*" + strings.Repeat("x", 2<<20) + "*/", strings.Repeat(" ", 2<<20)} {
		statements, _ := lint.Parse("DELETE " + padding + " FROM people")
		if len(statements) != 1 || statements[0].Node.GetDeleteStmt() == nil {
			t.Errorf("with %.2s the statement is not parsed: %v", padding, statements[0].ParseError)
		}
	}
}

func TestParseComments(t *testing.T) {
	source := "-- é\nSELECT '-- no' /* b */; --c\r\n$$--no$$"
	_, spans := lint.Parse(source)
	var got []string
	for _, s := range spans {
		got = append(got, source[s.Start:s.End])
	}
	if want := []string{"-- é", "/* b */", "--c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		name, source string
		bad          string // the statement that has the error
		message      string // how it begins
		at           string // what stands where the error is
		others       int    // statements that are fine
	}{
		{"syntax", "SELECT 1; SELEC 2; SELECT 3", "SELEC 2", "syntax error at or near \"SELEC\"", "SELEC 2;", 2},
		{"later in a statement", "SELECT 1;\nSELECT 'é' FRM t", "SELECT 'é' FRM t", "syntax error at or near \"t\"", "t", 1},
		{"at the end", "SELECT 1 +; SELECT 2", "SELECT 1 +", "syntax error at end of input", "; SELECT 2", 1},
		{"newer syntax that nobody knows", "ALTER TABLE t ADD FROG c; ALTER TABLE t COMPRESS HARD; SELECT 1", "ALTER TABLE t COMPRESS HARD", "syntax error", "COMPRESS", 2},
		{"meta command", "SELECT 1;\n\\d t", "\\d t", "syntax error at or near \"\\\"", "\\d t", 1},
		{"unterminated string", "SELECT 1; SELECT 'a; SELECT 2\n", "SELECT 'a; SELECT 2", "unterminated quoted string", "'a; SELECT 2", 1},
		{"unterminated identifier", "SELECT 1; SELECT \"a; SELECT 2", "SELECT \"a; SELECT 2", "unterminated quoted identifier", "\"a; SELECT", 1},
		{"unterminated dollar quote", "SELECT 1; DO $a$ b; $$", "DO $a$ b; $$", "unterminated dollar-quoted string", "$a$ b", 1},
		{"unterminated comment", "SELECT 1; /* b; SELECT 2", "/* b; SELECT 2", "unterminated /* comment", "/* b", 1},
		{"NUL", "SELECT 1;\n\x00; SELECT 2", "\x00; SELECT 2", "NUL byte", "\x00", 1},
		{"NUL in a string", "SELECT 1; SELECT 'a\x00b'", "SELECT 'a\x00b'", "NUL byte", "\x00b", 1},
		{"invalid UTF-8", "SELECT 1; SELECT 2, \xff; SELECT 3", "SELECT 2, \xff; SELECT 3", "invalid UTF-8", "\xff", 1},
		{"invalid UTF-8 in a string", "SELECT 1; SELECT 'a\xe9'; SELECT 3", "SELECT 'a\xe9'; SELECT 3", "invalid UTF-8", "\xe9", 1},
		{"invalid UTF-8 in a string at the start", "SELECT 1; 'a\xe9'", "'a\xe9'", "invalid UTF-8", "\xe9", 1},
		{"UTF-16", "\xff\xfeS\x00", "\xff\xfeS\x00", "invalid UTF-8", "\xff", 0},
		{"byte order mark", bom + "-- a\nSELECT 1; SELECT 2", "SELECT 1", "byte order mark", bom, 1},
		{"nothing but a byte order mark", bom, bom, "byte order mark", bom, 0},
		{"byte order mark and a mistake", bom + "SELEC 1", "SELEC 1", "syntax error", "SELEC", 0},
		{"two that look like one", "CREATE VIEW v AS SELECT x.begin atomic FROM x; SELECT 2", "CREATE VIEW v AS SELECT x.begin atomic FROM x; SELECT 2", "several statements", "CREATE", 0},
		{"too long", "SELECT 1; SELECT '" + strings.Repeat("x", 1<<20) + "'; SELECT 2", "SELECT '" + strings.Repeat("x", 1<<20) + "'", "longer than 1 MiB", "SELECT 'x", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			statements, _ := lint.Parse(tt.source)
			texts(t, tt.source, statements)
			var bad []*lint.Statement
			for _, s := range statements {
				if s.ParseError != nil {
					bad = append(bad, s)
				} else if s.Node == nil {
					t.Errorf("%.60q has neither a tree nor an error", s.SQL)
				}
			}
			if len(bad) != 1 || len(statements)-1 != tt.others {
				t.Fatalf("%d of %d statements have errors, want 1 of %d", len(bad), len(statements), tt.others+1)
			}
			if bad[0].SQL != tt.bad {
				t.Errorf("the statement is %.80q, want %.80q", bad[0].SQL, tt.bad)
			}
			if !strings.HasPrefix(bad[0].ParseError.Message, tt.message) {
				t.Errorf("error %.80q, want %q", bad[0].ParseError, tt.message)
			}
			if rest := tt.source[bad[0].ParseError.Offset:]; !strings.HasPrefix(rest, tt.at) {
				t.Errorf("the error is at %.40q, want %.40q", rest, tt.at)
			}
		})
	}
}

// What the parser doubts can still be read: rules see the tree behind a byte
// order mark.
func TestByteOrderMarkKeepsTheTree(t *testing.T) {
	statements, _ := lint.Parse(bom + "CREATE TABLE t ()")
	if statements[0].Node.GetCreateStmt() == nil {
		t.Error("no tree")
	}
}

func TestHasStatement(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, " \n": false, "-- only this": false, "/* a */ ;;": false,
		"SELECT 1": true, "-- a\nSELECT 1; SELECT 2": true, "SELECT 'open": true, "'": true, "\x00": true,
	} {
		statements, _ := lint.Parse(text)
		if got := lint.HasStatement(text); got != want || got != (len(statements) > 0) {
			t.Errorf("%q: %t, want %t; Parse finds %d", text, got, want, len(statements))
		}
	}
}
