package trial

import (
	"testing"

	"github.com/migvet/migvet/internal/schema"
)

// A down that forgets many objects is one sentence.
func TestDescribeLeft(t *testing.T) {
	object := func(what schema.What, kind schema.Kind, name string) schema.Change {
		c := schema.Change{What: what, Object: &schema.Object{Kind: kind, Schema: "public", Name: name}}
		if what == schema.Changed {
			c.Differences = []schema.Difference{{Property: "row security", To: "yes"}}
		}
		return c
	}
	gone := func(names ...string) (all []schema.Change) {
		for _, name := range names {
			all = append(all, object(schema.Removed, schema.Table, name))
		}
		return all
	}
	for want, changes := range map[string][]schema.Change{
		"does not bring back table a; make it again there, or say that it cannot be undone":                                          gone("a"),
		"does not bring back table a, table b, table c, table d and table e; make them again there, or say that it cannot be undone": gone("a", "b", "c", "d", "e"),
		"does not bring back table a, table b, table c, table d and 2 more; make them again there, or say that it cannot be undone":  gone("a", "b", "c", "d", "e", "f"),
		"leaves table b and enum a behind; drop them there":                                                                          {object(schema.Added, schema.Enum, "a"), object(schema.Added, schema.Table, "b")},
		"leaves enum a behind and does not bring back table b; correct it, or say that it cannot be undone":                          append(gone("b"), object(schema.Added, schema.Enum, "a")),
		"leaves table a other than it was: row security yes":                                                                         {object(schema.Changed, schema.Table, "a")},
		"leaves table a (row security yes) and table b (row security yes) other than they were":                                      {object(schema.Changed, schema.Table, "a"), object(schema.Changed, schema.Table, "b")},
	} {
		if got := describeLeft(changes); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
