package lint

import (
	"fmt"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"
)

func TestLeftOut(t *testing.T) {
	tests := []struct {
		sql  string
		left int
		kept string // what of the rows reaches the parser, without blanks
	}{
		{"VALUES (1), (2), (3)", 2, "VALUES(1)"},
		{"VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'c')", 2, "VALUES(1,'a'),(3,NULL)"},
		{"VALUES (0), (1), (-1), (1.5), (2), (0.0)", 2, "VALUES(0),(1),(-1),(1.5)"},
		{"VALUES (DEFAULT, true), (DEFAULT, false), (1, true)", 1, "VALUES(DEFAULT,true),(1,true)"},
		{"VALUES ('a'), (E'b\\n'), ($$c$$) ON CONFLICT DO NOTHING", 2, "VALUES('a')ONCONFLICTDONOTHING"},
		{"VALUES (1), /* two */ (2) -- three\n, (3) RETURNING id", 2, "VALUES(1)RETURNINGid"},
		{"(a, b) VALUES (1, 2), (3, 4)", 1, "(a,b)VALUES(1,2)"},
		{"OVERRIDING SYSTEM VALUE VALUES (1), (2)", 1, "OVERRIDINGSYSTEMVALUEVALUES(1)"},
		{"VALUES (1), (nextval('s')), (2), (setval('s', 3)), (4)", 2, "VALUES(1),(nextval('s')),(setval('s',3))"},
		{"VALUES (now()), (now())", 0, "VALUES(now()),(now())"},
		{"VALUES (1), ((SELECT 2)), (1 + 2), ('3'::int), (- 4), ((5))", 0, "VALUES(1),((SELECT2)),(1+2),('3'::int),(-4),((5))"},
		{"VALUES (1), ()", 0, "VALUES(1),()"},
		{"VALUES (1, 2), (3), (4, 5,)", 0, "VALUES(1,2),(3),(4,5,)"},
		{"VALUES (1),, (2)", 0, "VALUES(1),,(2)"},
		{"VALUES (1), (2),", 1, "VALUES(1),"},
		{"VALUES (1), (2) (3)", 1, "VALUES(1)(3)"},
		{"VALUES (1), (2, (3)), (4)", 1, "VALUES(1),(2,(3))"},
		{"SELECT * FROM (VALUES (1), (2)) v", 0, "SELECT*FROM(VALUES(1),(2))v"},
		{"VALUES (1), (2) UNION VALUES (3), (4)", 1, "VALUES(1)UNIONVALUES(3),(4)"},
	}
	for _, test := range tests {
		statements, _ := Parse("INSERT INTO t " + test.sql + ";")
		if len(statements) != 1 {
			t.Fatalf("%s: %d statements", test.sql, len(statements))
		}
		s := statements[0]
		squeeze := strings.NewReplacer(" ", "", "\n", "", "/*two*/", "", "--three", "")
		if kept := squeeze.Replace(s.parsedText()[len("INSERT INTO t "):]); s.LeftOut() != test.left || kept != test.kept {
			t.Errorf("%s: %d left out, %s kept; want %d, %s", test.sql, s.LeftOut(), kept, test.left, test.kept)
		}
		if len(s.parsedText()) != len(s.SQL) {
			t.Errorf("%s: what is parsed is as long as %q", test.sql, s.parsedText())
		}
	}
}

// What stands behind rows that are left out stays where it is in the text.
func TestLeftOutKeepsPlaces(t *testing.T) {
	text := "SELECT 1; INSERT INTO t VALUES ('ä'), ('ö'), ('ü')  RETURNING x; SELECT 2"
	statements, _ := Parse(text)
	if len(statements) != 3 {
		t.Fatalf("%d statements", len(statements))
	}
	s := statements[1]
	at := s.Node.GetInsertStmt().ReturningList[0].GetResTarget().Location
	if got := s.SQL[at:]; got != "x" {
		t.Errorf("RETURNING is at %q", got)
	}
	wrong, _ := Parse("INSERT INTO t VALUES ('ä'), ('ö'), ('ü') nonsense")
	if e := wrong[0].ParseError; e == nil || wrong[0].SQL[e.Offset:] != "nonsense" {
		t.Errorf("the error is %+v", e)
	}
}

func TestSameLeftOut(t *testing.T) {
	statement := func(rows string) *Statement {
		statements, _ := Parse("INSERT INTO t VALUES " + rows)
		return statements[0]
	}
	before := statement("(1, 'a'), (2, 'b'), (3, 'c')")
	for rows, same := range map[string]bool{
		"(1, 'a'), (2, 'b'), (3, 'c')":          true,
		"(1,'a'),\n(2,'b'),--two\n(3,'c')":      true,
		"(1, 'a'), (2, 'B'), (3, 'c')":          false,
		"(1, 'a'), (3, 'c'), (2, 'b')":          false,
		"(1, 'a'), (2, 'b')":                    false,
		"(1, 'a'), (2, 'b'), (3, 'c'), (4,'d')": false,
	} {
		if got := SameLeftOut(before, statement(rows)); got != same {
			t.Errorf("%s: %v", rows, got)
		}
	}
}

// A seed that was too long to be parsed is read.
func TestLongSeedIsRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("INSERT INTO t VALUES (0, 'none')")
	for i := range 100_000 {
		fmt.Fprintf(&b, ",\n(%d, 'row %d')", i+1, i)
	}
	b.WriteString("; DROP TABLE u")
	a := NewAllowance(1000)
	m := &Migration{Source: b.String(), Chunks: []Span{{0, b.Len()}}, Allowance: a}
	statements := m.Statements()
	if len(statements) != 2 || statements[0].Node == nil || statements[1].Node == nil || statements[0].LeftOut() != 99_999 {
		t.Fatalf("%d statements", len(statements))
	}
}

// ParseAhead has the outcome of asking one migration after the other.
func TestParseAhead(t *testing.T) {
	migrations := func(tokens int) (all []*Migration) {
		a := NewAllowance(tokens)
		for i := range 200 {
			text := fmt.Sprintf("CREATE TABLE t%d (id int); -- migvet:ignore x y\nSELEC %d; INSERT INTO t%d VALUES (1), (2); SELECT 'x';", i, i, i)
			all = append(all, &Migration{Path: fmt.Sprint(i), Source: text, Chunks: []Span{{0, 30}, {30, len(text)}}, Allowance: a})
		}
		return all
	}
	for _, tokens := range []int{1 << 20, 2000, 10, 0} {
		ahead, alone := migrations(tokens), migrations(tokens)
		ParseAhead(ahead)
		for i, m := range alone {
			got, want := ahead[i].Statements(), m.Statements()
			if len(got) != len(want) || len(ahead[i].Ignores()) != len(m.Ignores()) {
				t.Fatalf("of %d tokens, migration %d has %d statements and %d ignores, want %d and %d", tokens, i, len(got), len(ahead[i].Ignores()), len(want), len(m.Ignores()))
			}
			for j := range want {
				if !sameStatement(got[j], want[j]) {
					t.Fatalf("of %d tokens, migration %d: %+v, want %+v", tokens, i, got[j], want[j])
				}
			}
		}
	}
}

func sameStatement(a, b *Statement) bool {
	return a.SQL == b.SQL && a.Start == b.Start && a.Chunk == b.Chunk && a.Unread == b.Unread && a.Rest == b.Rest &&
		fmt.Sprint(a.ParseError) == fmt.Sprint(b.ParseError) && proto.Equal(a.Node, b.Node)
}

// The tokens that are decoded here are those of pg_query.
func TestScanDecodesTheSame(t *testing.T) {
	for _, text := range append(fragments, "SELECT a -- b\n, 'c' FROM \"d\" /* e */ WHERE f = $1;") {
		want, wantErr := pg.Scan(text)
		got, err := scanTokens(text)
		if (err == nil) != (wantErr == nil) || err == nil && len(got) != len(want.Tokens) {
			t.Fatalf("%q: %v, %v, want %v", text, got, err, wantErr)
		}
		for i, g := range got {
			if w := want.Tokens[i]; g != (token{w.Start, w.End, w.Token}) {
				t.Errorf("%q: token %d is %+v, want %v", text, i, g, w)
			}
		}
	}
}
