// Package schema reads the whole schema of a database from its catalog, and
// tells how two of them differ.
package schema

import (
	"slices"
	"strings"
)

// A Schema is every object that users made in one database, at one moment:
// nothing of PostgreSQL itself, of extensions, or temporary.
type Schema struct {
	Objects []Object // in the order of their keys
}

// Kind is what sort of object something is, in PostgreSQL's words.
type Kind string

const (
	Namespace         Kind = "schema"
	Extension         Kind = "extension"
	Role              Kind = "role"
	Setting           Kind = "setting" // ALTER DATABASE or ALTER ROLE … SET
	Enum              Kind = "enum"
	Domain            Kind = "domain"
	Composite         Kind = "composite type"
	Range             Kind = "range type"
	Sequence          Kind = "sequence"
	Table             Kind = "table" // partitioned ones too
	ForeignTable      Kind = "foreign table"
	View              Kind = "view"
	MaterializedView  Kind = "materialized view"
	Column            Kind = "column"
	PrimaryKey        Kind = "primary key"
	Unique            Kind = "unique constraint"
	Check             Kind = "check constraint"
	Exclusion         Kind = "exclusion constraint"
	ForeignKey        Kind = "foreign key"
	Index             Kind = "index"
	Statistics        Kind = "statistics object"
	Trigger           Kind = "trigger"
	Rule              Kind = "rule"
	Policy            Kind = "policy"
	Function          Kind = "function"
	Procedure         Kind = "procedure"
	Aggregate         Kind = "aggregate"
	EventTrigger      Kind = "event trigger"
	Publication       Kind = "publication"
	Other             Kind = "object" // known by its identity only
	DefaultPrivileges Kind = "default privileges"
	Grant             Kind = "grant" // what a role has that the owner and PUBLIC do not have by default
)

// kindsInOrder are in the order in which they are told.
var kindsInOrder = []Kind{
	Extension, Namespace, Role, Setting, Enum, Domain, Composite, Range, Sequence,
	Table, ForeignTable, View, MaterializedView,
	Column, PrimaryKey, Unique, Check, Exclusion, ForeignKey, Index, Statistics, Trigger, Rule, Policy,
	Function, Procedure, Aggregate, EventTrigger, Publication, Other, DefaultPrivileges, Grant,
}

// An Object is one thing in a schema. Its name and what it is a part of are
// unquoted.
type Object struct {
	Kind     Kind
	Schema   string // "" for what is in none
	Relation string // the table or view, in the same schema, that it is a part of; "" for none
	Name     string // of functions with their arguments; of grants, to whom

	Properties []Property // what has a value, in a fixed order

	// Inherited is set for parts that a partition or child table has from its
	// parent.
	Inherited bool

	Columns    []string // of keys and foreign keys
	References string   // "schema.name" of the table that a foreign key points at

	// id tells in one database what was renamed: catalog, oid and column.
	id string
}

// A Property is one thing that can be said of an object, in PostgreSQL's words:
// "type", "default", "definition".
type Property struct{ Name, Value string }

// Property returns the value of a property, "" when the object has none.
func (o *Object) Property(name string) string {
	for _, p := range o.Properties {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}

// Within returns "schema.name" of the table or view that an object is or is a
// part of; "" for other objects.
func (o *Object) Within() string {
	switch {
	case o.Relation != "":
		return o.Schema + "." + o.Relation
	case o.IsRelation():
		return o.Schema + "." + o.Name
	}
	return ""
}

// IsRelation reports whether the object is a table or view.
func (o *Object) IsRelation() bool {
	return slices.Contains([]Kind{Table, ForeignTable, View, MaterializedView}, o.Kind)
}

// Display writes schema and name; the schema public goes without saying.
func (o *Object) Display() string {
	if o.Schema == "" || o.Schema == "public" {
		return o.Name
	}
	return o.Schema + "." + o.Name
}

// String names the object for a person: "column orders.note", "index
// app.orders_idx". The schema public goes without saying.
func (o *Object) String() string {
	within := o.Relation
	if o.Schema != "" && o.Schema != "public" {
		within = o.Schema + "." + within
	}
	switch {
	case o.Kind == Column:
		return "column " + within + "." + o.Name
	case o.Kind == Grant && o.Relation != "":
		return "grant on " + within + " " + o.Name
	case o.Kind == Grant || o.Kind == Other:
		return strings.TrimPrefix(string(o.Kind)+" "+o.Name, "object ")
	case o.Relation != "":
		return string(o.Kind) + " " + o.Name + " on " + within
	default:
		return string(o.Kind) + " " + within + o.Name
	}
}

// Find returns an object, nil when there is none. relation is "" but for parts
// of tables and views.
func (s *Schema) Find(kind Kind, schema, relation, name string) *Object {
	want := key{kind, schema, relation, name}
	i, found := slices.BinarySearchFunc(s.Objects, want, func(o Object, k key) int { return o.key().compare(k) })
	if !found {
		return nil
	}
	return &s.Objects[i]
}

// Without returns the schema without the objects that drop tells.
func (s *Schema) Without(drop func(*Object) bool) *Schema {
	kept := &Schema{}
	for i := range s.Objects {
		if !drop(&s.Objects[i]) {
			kept.Objects = append(kept.Objects, s.Objects[i])
		}
	}
	return kept
}
