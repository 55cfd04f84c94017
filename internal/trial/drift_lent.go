package trial

import (
	"slices"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
)

// lent are statements that make what the migrations made and no snapshot holds, but
// what it holds may need: a default calls a function that was written by hand, and a
// column has a domain's type. Of a domain its name is enough, its checks are not.
func lent(made *schema.Schema, s *drizzlekit.Snapshot) []drizzlekit.Statement {
	var all []drizzlekit.Statement
	for _, o := range made.Objects {
		if sql := lendingSQL(o); sql != "" && !declares(s, o) {
			all = append(all, drizzlekit.Statement{SQL: sql, Kind: lentKind, Of: drizzlekit.Name{Schema: o.Schema, Name: o.Name}})
		}
	}
	return all
}

// lentKind tells statements that may be refused without anybody being told: if
// something needs what they make, that is refused as well.
const lentKind = "lent"

func lendingSQL(o schema.Object) quote.SQL {
	name := quote.Name(o.Schema) + "." + quote.Name(o.Name)
	value := func(property string) quote.SQL { return session.BranchSQL(o.Property(property)) }
	switch o.Kind {
	case schema.Namespace:
		return "CREATE SCHEMA IF NOT EXISTS " + quote.Name(o.Name)
	case schema.Enum:
		return "CREATE TYPE " + name + " AS ENUM (" + value("values") + ")"
	case schema.Domain:
		return "CREATE DOMAIN " + name + " AS " + value("type")
	case schema.Composite:
		return "CREATE TYPE " + name + " AS (" + value("attributes") + ")"
	case schema.Range:
		return "CREATE TYPE " + name + " AS RANGE (SUBTYPE = " + value("subtype") + ")"
	case schema.Function, schema.Procedure:
		return value("definition")
	case schema.Sequence:
		if o.Property("owned by") == "" {
			return "CREATE SEQUENCE " + name
		}
	}
	return ""
}

// declares tells whether a snapshot says itself that there is an object.
func declares(s *drizzlekit.Snapshot, o schema.Object) bool {
	is := drizzlekit.Name{Schema: o.Schema, Name: o.Name}
	switch o.Kind {
	case schema.Enum:
		return slices.ContainsFunc(s.Enums, func(e drizzlekit.Enum) bool { return e.Name == is })
	case schema.Sequence:
		return slices.ContainsFunc(s.Sequences, func(q drizzlekit.Sequence) bool { return q.Name == is })
	}
	return false
}

// withoutLent leaves out of what a snapshot declares what was lent to it.
func withoutLent(declared *schema.Schema, s *drizzlekit.Snapshot) *schema.Schema {
	return &schema.Schema{Objects: slices.DeleteFunc(slices.Clone(declared.Objects), func(o schema.Object) bool {
		return (o.Kind == schema.Enum || o.Kind == schema.Sequence && o.Property("owned by") == "") && !declares(s, o)
	})}
}
