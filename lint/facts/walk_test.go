package facts_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// kinds returns the nodes in the order they are visited, without their wrapping:
// "FuncCall ColumnRef String".
func kinds(expr *pg.Node, below func(kind string) bool) string {
	var found []string
	facts.Walk(expr, func(n *pg.Node) bool {
		kind := strings.TrimPrefix(fmt.Sprintf("%T", n.Node), "*pg_query.Node_")
		found = append(found, kind)
		return below(kind)
	})
	return strings.Join(found, " ")
}

func expression(sql string) *pg.Node {
	return lint.Tree("SELECT " + sql).GetSelectStmt().GetTargetList()[0].GetResTarget().GetVal()
}

func TestWalk(t *testing.T) {
	expr := expression("lower(name || $1)")
	if got, want := kinds(expr, func(string) bool { return true }), "FuncCall String_ AExpr String_ ColumnRef String_ ParamRef"; got != want {
		t.Errorf("visited %s, want %s", got, want)
	}
	if got, want := kinds(expr, func(kind string) bool { return kind != "AExpr" }), "FuncCall String_ AExpr"; got != want {
		t.Errorf("visited %s, want %s: nothing below the operator", got, want)
	}
	if got := kinds(nil, func(string) bool { return true }); got != "" {
		t.Errorf("visited %s of no node", got)
	}
}

// What Walk knows by itself it visits as protobuf would have it.
func TestWalkVisitsAllNodes(t *testing.T) {
	files, err := filepath.Glob("../../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	seen := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		statements, _ := lint.Parse(string(text))
		for _, s := range statements {
			var got, want []*pg.Node
			facts.Walk(s.Node, func(n *pg.Node) bool { got = append(got, n); return true })
			facts.WalkMessages(s.Node, func(m proto.Message) bool {
				if n, isNode := m.(*pg.Node); isNode {
					want = append(want, n)
				}
				return true
			})
			if !slices.Equal(got, want) {
				t.Fatalf("%s: %s: visited %d nodes, want %d", file, s.SQL, len(got), len(want))
			}
			seen += len(want)
		}
	}
	if seen < 10_000 {
		t.Errorf("the cases have %d nodes", seen)
	}
}

// The relations of ALTER TABLE and REFERENCES are no node, those of FROM are.
func TestWalkMessages(t *testing.T) {
	var names []string
	collect := func(m proto.Message) bool {
		r, isRelation := m.(*pg.RangeVar)
		if isRelation {
			names = append(names, r.Relname)
		}
		return !isRelation
	}
	for _, sql := range []string{"ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b", "SELECT (SELECT 1 FROM c), d.x FROM d"} {
		facts.WalkMessages(lint.Tree(sql), collect)
	}
	facts.WalkMessages((*pg.Node)(nil), collect)
	if want := []string{"a", "b", "c", "d"}; !slices.Equal(names, want) {
		t.Errorf("found %s, want %s", names, want)
	}
}

func TestFunctionName(t *testing.T) {
	for sql, want := range map[string][2]string{
		"now()":                {"now", "now()"},
		"pg_catalog.now()":     {"now", "now()"},
		"app.next_id(1)":       {"app.next_id", "app.next_id()"},
		"CURRENT_TIMESTAMP(3)": {"current_timestamp", "CURRENT_TIMESTAMP"},
		"user":                 {"user", "USER"},
	} {
		name := facts.FunctionName(expression(sql))
		if got := [2]string{name, facts.CallText(name)}; got != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
	if name := facts.FunctionName(expression("name")); name != "" {
		t.Errorf("a column calls %s", name)
	}
}
