package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// schemaOfKeys builds a catalog from "child.column → parent: ACTION"; a column
// that ends with ! has an index.
func schemaOfKeys(keys ...string) *lint.Schema {
	s := &lint.Schema{}
	table := func(name string) *lint.Table {
		if t := s.Table("public." + name); t != nil {
			return t
		}
		s.Tables = append(s.Tables, &lint.Table{Schema: "public", Name: name})
		return s.Tables[len(s.Tables)-1]
	}
	for _, key := range keys {
		side, rest, _ := strings.Cut(key, " → ")
		parent, action, _ := strings.Cut(rest, ": ")
		child, column, _ := strings.Cut(side, ".")
		table(parent)
		t := table(child)
		if name, found := strings.CutSuffix(column, "!"); found {
			column = name
			t.Indexes = append(t.Indexes, lint.Index{Columns: []string{name}, Valid: true})
		}
		t.Constraints = append(t.Constraints, lint.Constraint{
			Kind: lint.ForeignKey, Columns: []string{column}, RefTable: "public." + parent, OnDelete: lint.Action(action),
		})
	}
	return s
}

func TestReach(t *testing.T) {
	s := schemaOfKeys(
		"projects.org! → orgs: CASCADE", "tasks.project! → projects: CASCADE", "comments.task → tasks: CASCADE",
		"tasks.parent! → tasks: CASCADE", "logs.task! → tasks: SET NULL", "bills.project → projects: RESTRICT",
		"teams.org! → orgs: CASCADE", "tasks.team! → teams: CASCADE",
	)
	r := reachOf(s, s.Table("public.orgs"), nil)
	got := []string{
		strings.Join(tableNames(withoutPublic, r.deleted), " "), strings.Join(tableNames(withoutPublic, r.longest()), " "), strings.Join(keyNames(withoutPublic, r.emptied), " "),
		strings.Join(keyNames(withoutPublic, r.refused), " "), strings.Join(keyNames(withoutPublic, r.unindexed), " "),
	}
	want := []string{"projects teams tasks comments", "orgs projects tasks comments", "logs.task", "bills.project", "comments.task"}
	if !slices.Equal(got, want) {
		t.Errorf("reach of orgs:\n got %q\nwant %q", got, want)
	}
	if r.cycle {
		t.Error("a table that references itself is no circle")
	}
	if way := strings.Join(tableNames(withoutPublic, ownersOf(s, s.Table("public.tasks"))), " "); way != "orgs projects tasks" {
		t.Errorf("above tasks: %s", way)
	}
}

func TestReachOfOneKey(t *testing.T) {
	s := schemaOfKeys("a.p! → p: CASCADE", "b.p! → p: CASCADE", "c.b! → b: CASCADE")
	b := s.Table("public.b")
	r := reachOf(s, s.Table("public.p"), &b.Constraints[0])
	if got := strings.Join(tableNames(withoutPublic, r.deleted), " "); got != "b c" {
		t.Errorf("deleted %s, want b c", got)
	}
}

func TestReachOfTree(t *testing.T) {
	s := schemaOfKeys("a.parent → a: CASCADE", "b.a! → a: CASCADE")
	a := s.Table("public.a")
	r := reachOf(s, a, &a.Constraints[0])
	if got := strings.Join(tableNames(withoutPublic, r.deleted), " "); got != "a b" || len(r.unindexed) != 1 || r.cycle {
		t.Errorf("deleted %s, %d keys without index, cycle %v", got, len(r.unindexed), r.cycle)
	}
}

func TestReachSeesCircles(t *testing.T) {
	s := schemaOfKeys("b.a! → a: CASCADE", "c.b! → b: CASCADE", "a.c! → c: CASCADE")
	for _, table := range s.Tables {
		if r := reachOf(s, table, nil); !r.cycle || len(r.deleted) != 3 {
			t.Errorf("from %s: cycle %v, %d tables", table.Name, r.cycle, len(r.deleted))
		}
		if way := ownersOf(s, table); len(way) != 3 {
			t.Errorf("above %s: %d tables", table.Name, len(way))
		}
	}
}

// A schema in which every table references every earlier one has more ways
// than anybody can count.
func TestReachOfKnottedSchema(t *testing.T) {
	var keys []string
	for i := range 40 {
		for j := range i {
			keys = append(keys, "t"+string(rune('A'+i))+".c → t"+string(rune('A'+j))+": CASCADE")
		}
	}
	s := schemaOfKeys(keys...)
	if r := reachOf(s, s.Table("public.tA"), nil); len(r.deleted) != 39 || r.cycle {
		t.Errorf("%d tables, cycle %v", len(r.deleted), r.cycle)
	}
}
