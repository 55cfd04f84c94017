package facts

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// A Kind is what an object is, in the words of PostgreSQL's event triggers.
// https://www.postgresql.org/docs/current/event-trigger-definition.html
type Kind string

// The kinds that facts tell of most. Others have the words of event triggers as well: "server", "cast".
const (
	Table            Kind = "table"
	ForeignTable     Kind = "foreign table"
	View             Kind = "view"
	MaterializedView Kind = "materialized view"
	Index            Kind = "index"
	Sequence         Kind = "sequence"
	Column           Kind = "table column"
	Constraint       Kind = "table constraint"
	Trigger          Kind = "trigger"
	Policy           Kind = "policy"
	Rule             Kind = "rule"
	Default          Kind = "default value"
	Type             Kind = "type" // domains too
	Function         Kind = "function"
	Procedure        Kind = "procedure"
	Aggregate        Kind = "aggregate"
	Schema           Kind = "schema"
	Extension        Kind = "extension"
	Publication      Kind = "publication"
	Subscription     Kind = "subscription"
	Role             Kind = "role"
	Setting          Kind = "setting"            // lock_timeout: no object of the catalog, but as good as one in a session
	Prepared         Kind = "prepared statement" // neither
	UserMapping      Kind = "user mapping"       // has no name
	Database         Kind = "database"
)

// AllTables is what ANALYZE, CLUSTER and VACUUM without a name are about.
var AllTables = Name{Kind: Database, Name: "*"}

// IsRelation reports whether objects of the kind have rows or columns that are
// queried: a view can take the place of a table.
func (k Kind) IsRelation() bool {
	return k == Table || k == ForeignTable || k == View || k == MaterializedView
}

// IsRoutine reports whether objects of the kind are called. They can replace each
// other too.
func (k Kind) IsRoutine() bool { return k == Function || k == Procedure || k == Aggregate }

// IsPart reports whether objects of the kind belong to a table, whose name then
// stands before their own: "tasks.title".
func (k Kind) IsPart() bool {
	switch k {
	case Column, "foreign table column", Constraint, Trigger, Policy, Rule, Default:
		return true
	}
	return false
}

// A Name is an object as a statement names it. Schema is "" where the statement
// does not say one.
type Name struct {
	Kind   Kind
	Schema string
	Table  string // of parts of a table
	Name   string
	Args   string // of routines, with their brackets: "(integer, text)"; "" where they are not said
}

// String joins the parts as people write them, without the schema public:
// "tasks.title", "app.tasks". It quotes nothing.
func (n Name) String() string {
	text := n.Name + n.Args
	if n.Kind.IsPart() && n.Table != "" {
		text = n.Table + "." + text
	}
	if n.Schema != "" && n.Schema != "public" {
		text = n.Schema + "." + text
	}
	return text
}

// Relation returns the relation that the object is, or is a part of, as the
// parser would have it; nil for objects of other kinds.
func (n Name) Relation() *pg.RangeVar {
	switch {
	case n.Kind.IsPart() && n.Table != "":
		return &pg.RangeVar{Schemaname: n.Schema, Relname: n.Table, Inh: true}
	case n.Kind.IsRelation() && n.Name != "":
		return &pg.RangeVar{Schemaname: n.Schema, Relname: n.Name, Inh: true}
	}
	return nil
}

// Same reports whether two names can mean one object: their kinds share a name
// space, and a schema that one of them does not say is public.
func (n Name) Same(other Name) bool { return n.SameIn(nil, other) }

// SameIn is Same where a schema that is not said is any of a search path; nil is
// public alone.
func (n Name) SameIn(path []string, other Name) bool {
	return n.Kind.Space() == other.Kind.Space() && n.Table == other.Table && n.Name == other.Name && sameSchema(path, n.Schema, other.Schema) &&
		(n.Args == "" || other.Args == "" || n.Args == other.Args || !n.Kind.IsRoutine())
}

func sameSchema(path []string, a, b string) bool {
	return a == b || a == "" && isIn(path, b) || b == "" && isIn(path, a)
}

func isIn(path []string, schema string) bool {
	return slices.Contains(path, schema) || path == nil && schema == "public"
}

// Space is what kinds share whose objects cannot have the same name: Table for all
// that pg_class holds.
func (k Kind) Space() Kind {
	switch {
	case k.IsRelation(), k == Index, k == Sequence:
		return Table
	case k.IsRoutine():
		return Function
	case k == "foreign table column":
		return Column
	}
	return k
}

// Noun is the kind as people say it: "column" for "table column".
func (n Name) Noun() string {
	switch n.Kind {
	case Column, "foreign table column":
		return "column"
	case Constraint:
		return "constraint"
	case Default:
		return "default"
	}
	return string(n.Kind)
}

// Phrase names the object with its kind: "trigger touch on tasks".
func (n Name) Phrase() string {
	switch n.Kind {
	case Constraint, Trigger, Policy, Rule:
		return n.Noun() + " " + n.Name + " on " + n.OfTable().String()
	case Default:
		return "the default of " + n.String()
	}
	return n.Noun() + " " + n.String()
}

// OfTable names the table that a part belongs to.
func (n Name) OfTable() Name { return Name{Kind: Table, Schema: n.Schema, Name: n.Table} }

// Part names a part of the relation n.
func (n Name) Part(kind Kind, name string) Name {
	return Name{Kind: kind, Schema: n.Schema, Table: n.Name, Name: name}
}

// Named names what a RangeVar means.
func Named(kind Kind, r *pg.RangeVar) Name {
	n := Name{Kind: kind, Schema: r.GetSchemaname(), Name: r.GetRelname()}
	if IsTemporary(r) {
		n.Schema = TemporarySchema
	}
	return n
}

// PartOf names a part of the table that a RangeVar means.
func PartOf(kind Kind, r *pg.RangeVar, name string) Name {
	return Named(Table, r).Part(kind, name)
}

// Qualified names an object by a list of the parser's, whose last part is its
// own name: of parts of tables the table's name stands before it.
func Qualified(kind Kind, parts []string) Name {
	n := Name{Kind: kind}
	if len(parts) == 0 {
		return n
	}
	last := len(parts) - 1
	n.Name = parts[last]
	if kind.IsPart() && last > 0 {
		last--
		n.Table = parts[last]
	}
	if last > 0 {
		n.Schema = parts[last-1]
	}
	return n
}

// Identity names an object as PostgreSQL identifies it: "public.tasks.title",
// "public.purge(integer)". Arguments may have dots of their own.
// https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-OBJECT
func Identity(kind Kind, identity string) Name {
	args := ""
	if i := strings.IndexByte(identity, '('); i > 0 && kind.IsRoutine() {
		identity, args = identity[:i], identity[i:]
	}
	n := Qualified(kind, strings.Split(identity, "."))
	n.Args = args
	return n
}

// Words returns a list of strings of the parser's as Go has it.
func Words(nodes []*pg.Node) []string {
	words := make([]string, 0, len(nodes))
	for _, n := range nodes {
		words = append(words, n.GetString_().GetSval())
	}
	return words
}

// LastWord returns the last of a list of strings of the parser's, which is the
// name itself of a name with its schema; "" for an empty list.
func LastWord(nodes []*pg.Node) string {
	if len(nodes) == 0 {
		return ""
	}
	return nodes[len(nodes)-1].GetString_().GetSval()
}

// SameRelation reports whether two can mean one relation: tasks and public.tasks.
func SameRelation(a, b *pg.RangeVar) bool {
	return SameRelationIn(nil, a, b)
}

// SameRelationIn is SameRelation where a schema that is not said is any of a search
// path; nil is public alone.
func SameRelationIn(path []string, a, b *pg.RangeVar) bool {
	return a.GetRelname() == b.GetRelname() && sameSchema(path, a.GetSchemaname(), b.GetSchemaname())
}
