package schema

import (
	"fmt"
	"strings"
	"testing"
)

func table(name string) Object { return Object{Kind: Table, Schema: "public", Name: name} }

func column(of, name, typ string, position int, more ...Property) Object {
	return Object{Kind: Column, Schema: "public", Relation: of, Name: name, Properties: append([]Property{{"type", typ}}, more...), id: fmt.Sprintf("c/1/%d", position)}
}

func foreignKey(of, name, to string, columns ...string) Object {
	return Object{Kind: ForeignKey, Schema: "public", Relation: of, Name: name, Columns: columns, References: "public." + to}
}

// TestDiagram has been drawn by Mermaid 11.
func TestDiagram(t *testing.T) {
	notNull := Property{"not null", "yes"}
	before := sorted(table("orders"), column("orders", "note", "text", 2), column("orders", "id", "bigint", 1), table("far"), table("people"), foreignKey("people", "p_f", "far", "x"), table("old"), column("old", "x", "text", 1))
	after := sorted(table("orders"), column("orders", "id", "bigint", 1, notNull), column("orders", "b\"a` d", "numeric(10,2)", 3), column("orders", "person", "bigint", 4),
		Object{Kind: PrimaryKey, Schema: "public", Relation: "orders", Name: "orders_pkey", Columns: []string{"id"}},
		foreignKey("orders", "o_p", "people", "person"), table("people"), foreignKey("people", "p_f", "far", "x"),
		table("far"), table("extra"), column("extra", "id", "bigint", 1, notNull), foreignKey("extra", "e_o", "orders", "id"),
		Object{Kind: Unique, Schema: "public", Relation: "extra", Name: "e_key", Columns: []string{"id"}})
	want := `erDiagram
    "extra" {
        bigint id UK, FK "added"
    }
    "old" {
        text x "removed"
    }
    "orders" {
        bigint id PK "not null"
        numeric b_a_d "added"
        bigint person FK "added"
        text note "removed"
    }
    "orders" ||--o| "extra" : "id"
    "people" |o--o{ "orders" : "person"
`
	if got := Diagram(before, after, Diff(before, after, Options{})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := Diagram(after, after, nil); got != "" {
		t.Errorf("no change is drawn as\n%s", got)
	}
}

func sorted(objects ...Object) *Schema {
	s := &Schema{Objects: objects}
	s.sort()
	return s
}

// TestDiagramKeepsItsLimits draws more than Mermaid can.
func TestDiagramKeepsItsLimits(t *testing.T) {
	var objects []Object
	for i := range 200 {
		name := fmt.Sprintf("table_with_a_long_name_%d", i)
		objects = append(objects, table(name))
		for j := range 100 {
			objects = append(objects, column(name, fmt.Sprintf("column_with_a_long_name_%d", j), "timestamp with time zone", j+1))
		}
		for j := range 20 {
			objects = append(objects, foreignKey(name, fmt.Sprintf("fk%d", j), fmt.Sprintf("table_with_a_long_name_%d", j), fmt.Sprintf("column_with_a_long_name_%d", j)))
		}
	}
	after := sorted(objects...)
	got := Diagram(&Schema{}, after, Diff(&Schema{}, after, Options{}))
	if len(got) > 50000 || strings.Count(got, "--") > 500 || !strings.Contains(got, "not drawn: 170 more tables") {
		t.Errorf("%d bytes, %d edges: …%s", len(got), strings.Count(got, "--"), got[max(0, len(got)-300):])
	}
}
