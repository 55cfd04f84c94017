package rules

import (
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// An objectName is an object as a statement names it: its kind in the words of
// PostgreSQL's event triggers, and the parts of its name as far as they are
// written. Parts of tables have the table's name before their own.
type objectName struct {
	kind  string // "table", "table column", "function"
	parts []string
}

// String joins the parts as people write them.
func (o objectName) String() string { return unqualified(strings.Join(o.parts, ".")) }

// base is the name without schema and table.
func (o objectName) base() string {
	if len(o.parts) == 0 {
		return ""
	}
	return o.parts[len(o.parts)-1]
}

// withoutArguments is a function's name alone.
func withoutArguments(o objectName) objectName {
	parts := slices.Clone(o.parts)
	if len(parts) > 0 {
		parts[len(parts)-1], _, _ = strings.Cut(o.base(), "(")
	}
	return objectName{o.kind, parts}
}

// partOfTable tells whether the object belongs to a table, whose name it then
// has before its own.
func (o objectName) partOfTable() bool { return partKinds[o.kind] }

var partKinds = map[string]bool{
	"table column": true, "foreign table column": true, "table constraint": true, "trigger": true,
	"policy": true, "rule": true, "default value": true,
}

// table returns the relation that the object is, or is a part of; nil for
// objects of other kinds.
func (o objectName) table() *pg.RangeVar {
	parts := o.parts
	switch {
	case o.partOfTable() && len(parts) > 1:
		parts = parts[:len(parts)-1]
	case !relationKinds[o.kind]:
		return nil
	}
	if len(parts) == 0 {
		return nil
	}
	r := &pg.RangeVar{Relname: parts[len(parts)-1], Inh: true}
	if len(parts) > 1 {
		r.Schemaname = parts[len(parts)-2]
	}
	return r
}

// relationKinds share one name space: a view can take the place of a table.
var relationKinds = map[string]bool{"table": true, "foreign table": true, "view": true, "materialized view": true}

// routineKinds can replace each other as well.
var routineKinds = map[string]bool{"function": true, "procedure": true, "aggregate": true}

// same tells whether two names can mean one object: their kinds share a name
// space and one is the other without the schema, or with public for it.
func (o objectName) same(other objectName) bool {
	if o.kind != other.kind && !(relationKinds[o.kind] && relationKinds[other.kind]) && !(routineKinds[o.kind] && routineKinds[other.kind]) {
		return false
	}
	if routineKinds[o.kind] {
		o, other = withoutArguments(o), withoutArguments(other)
	}
	a, b := o.String(), other.String()
	return a == b || len(o.parts) != len(other.parts) && (strings.HasSuffix(a, "."+b) || strings.HasSuffix(b, "."+a))
}

// noun is the kind as people say it.
func (o objectName) noun() string {
	switch o.kind {
	case "table column", "foreign table column":
		return "column"
	case "table constraint":
		return "constraint"
	case "default value":
		return "default"
	}
	return o.kind
}

// phrase names the object with its kind: "trigger touch on tasks".
func (o objectName) phrase() string {
	switch o.kind {
	case "table constraint", "trigger", "policy", "rule":
		return fmt.Sprintf("%s %s on %s", o.noun(), o.base(), unqualified(tableName(o.table())))
	case "default value":
		return "the default of " + o.String()
	}
	return o.noun() + " " + o.String()
}

// relation names what a RangeVar means.
func relation(kind string, r *pg.RangeVar, part ...string) objectName {
	var parts []string
	if r.GetSchemaname() != "" {
		parts = append(parts, r.Schemaname)
	}
	return objectName{kind, append(append(parts, r.GetRelname()), part...)}
}

// listed joins names as a sentence does: "a, b and c". More than twelve are
// cut: "…, l and 30 more".
func listed(names []string) string {
	const most = 12
	if len(names) > most {
		names = append(names[:most:most], fmt.Sprintf("%d more", len(names)-most))
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// counted is "1 row", "2 rows".
func counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
