package schema

import "testing"

func TestDiffOptions(t *testing.T) {
	before := &Schema{Objects: []Object{
		{Kind: Table, Schema: "public", Name: "a", id: "c/1"},
		{Kind: PrimaryKey, Schema: "public", Relation: "a", Name: "old_pkey", Properties: []Property{{"definition", "PRIMARY KEY (id)"}}},
	}}
	after := &Schema{Objects: []Object{
		{Kind: Table, Schema: "public", Name: "b", id: "c/1"},
		{Kind: PrimaryKey, Schema: "public", Relation: "b", Name: "b_pkey", Properties: []Property{{"definition", "PRIMARY KEY (id)"}}},
	}}
	if got := len(Diff(before, after, Options{})); got != 4 {
		t.Errorf("by name: %d changes, want 4", got)
	}
	renamed := Diff(before, after, Options{Renames: true})
	if len(renamed) != 3 || renamed[1].What != Changed || renamed[1].Differences[0] != (Difference{"name", "a", "b"}) {
		t.Errorf("by identity: %+v", renamed)
	}

	after.Objects[0].Name, after.Objects[1].Relation = "a", "a"
	if got := Diff(before, after, Options{}); len(got) != 2 {
		t.Errorf("a key of another name: %d changes, want 2", len(got))
	}
	if got := Diff(before, after, Options{UnnamedKeys: true}); len(got) != 0 {
		t.Errorf("keys without names: %+v", got)
	}
	after.Objects[1].Properties[0].Value = "PRIMARY KEY (id, n)"
	if got := Diff(before, after, Options{UnnamedKeys: true}); len(got) != 1 || got[0].What != Changed || len(got[0].Differences) != 1 {
		t.Errorf("another key: %+v", got)
	}
}

func TestFindAndWithout(t *testing.T) {
	s := &Schema{Objects: []Object{
		{Kind: Enum, Schema: "app", Name: "mood"},
		{Kind: Table, Schema: "public", Name: "a"},
		{Kind: Column, Schema: "public", Relation: "a", Name: "id"},
		{Kind: Table, Schema: "public", Name: "b"},
	}}
	if s.Find(Column, "public", "a", "id") != &s.Objects[2] || s.Find(Table, "public", "", "b") != &s.Objects[3] || s.Find(Table, "app", "", "b") != nil {
		t.Error("objects are not found by their names")
	}
	if kept := s.Without(func(o *Object) bool { return o.Within() == "public.a" }); len(kept.Objects) != 2 {
		t.Errorf("kept %v", kept.Objects)
	}
}
