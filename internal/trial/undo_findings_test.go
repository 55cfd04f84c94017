package trial

import (
	"testing"

	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint/facts"
)

// TestIsOf tells objects of one name apart, by kind and schema.
func TestIsOf(t *testing.T) {
	audit := facts.Name{Kind: facts.Table, Schema: "ops", Name: "audit"}
	bare := facts.Name{Kind: facts.Function, Name: "audit"}
	for _, test := range []struct {
		n    facts.Name
		o    schema.Object
		want bool
	}{
		{audit, schema.Object{Kind: schema.Table, Schema: "ops", Name: "audit"}, true},
		{audit, schema.Object{Kind: schema.View, Schema: "ops", Name: "audit"}, true},
		{audit, schema.Object{Kind: schema.Table, Schema: "public", Name: "audit"}, false},
		{audit, schema.Object{Kind: schema.Function, Schema: "ops", Name: "audit()"}, false},
		{bare, schema.Object{Kind: schema.Function, Schema: "ops", Name: "audit(integer)"}, true},
		{bare, schema.Object{Kind: schema.Procedure, Schema: "public", Name: "audit()"}, true},
		{bare, schema.Object{Kind: schema.Table, Schema: "public", Name: "audit"}, false},
		{facts.Name{Kind: facts.Column, Table: "t", Name: "a"}, schema.Object{Kind: schema.Column, Schema: "public", Relation: "t", Name: "a"}, true},
		{facts.Name{Kind: facts.Column, Table: "t", Name: "a"}, schema.Object{Kind: schema.Column, Schema: "public", Relation: "u", Name: "a"}, false},
		{facts.Name{Kind: facts.Constraint, Table: "t", Name: "a"}, schema.Object{Kind: schema.Check, Schema: "public", Relation: "t", Name: "a"}, true},
		{facts.Name{Kind: facts.Type, Name: "mood"}, schema.Object{Kind: schema.Enum, Schema: "public", Name: "mood"}, true},
	} {
		if got := isOf(test.n, &test.o); got != test.want {
			t.Errorf("%v is %v: %t", test.n, test.o, got)
		}
	}
}
