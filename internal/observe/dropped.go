package observe

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// A droppedObject is one row of what an event trigger of DROP is told.
type droppedObject struct {
	Kind     string
	Names    []string
	Args     []string
	Original bool // named by the statement
	Normal   bool // there was a normal dependency on the way: CASCADE
}

// partsOfTables are the kinds that come and go with their table and that nobody
// thinks of as objects.
var partsOfTables = map[string]bool{"type": true, "toast table": true, "rule": true}

// droppedObjects lists the objects that were dropped. Parts of a dropped table, and a CHECK of a
// dropped column, are reported by PostgreSQL as if they went through CASCADE;
// they went with their owner. Policies, triggers, rules and generated columns
// need CASCADE before a column of their own table can go.
func (ns *Notices) droppedObjects() []lint.CatalogObject {
	owners := map[string]bool{}  // whole tables, and other things with parts
	columns := map[string]bool{} // tables that lose a column
	gone := map[string]bool{}    // columns, however they went
	for _, d := range ns.dropped {
		gone[d.name()] = gone[d.name()] || d.Kind == "table column"
		switch {
		case !d.Original:
		case d.Kind == "table column":
			columns[d.table()] = true
		case len(d.Names) == 2:
			owners[d.name()] = true
		}
	}
	var out []lint.CatalogObject
	for _, d := range ns.dropped {
		if !d.Original && d.internal() {
			continue
		}
		o := lint.CatalogObject{Kind: d.Kind, Name: d.name()}
		if !d.Original {
			withColumn := d.Kind == "table constraint" && columns[d.table()] || d.Kind == "default value" && gone[d.name()]
			o.Cascade = d.Normal && !owners[d.table()] && !withColumn
			o.Auto = !o.Cascade
		}
		out = append(out, o)
	}
	return out
}

const (
	toastSchema = "pg_toast"
	viewRule    = "_RETURN" // what makes a view a view
)

// internal objects come with something else that is told of: row types, the
// triggers of foreign keys, NOT NULL constraints of dropped tables.
func (d droppedObject) internal() bool {
	if len(d.Names) > 0 && (d.Names[0] == toastSchema || d.Names[len(d.Names)-1] == viewRule) {
		return true
	}
	return !d.Normal && partsOfTables[d.Kind] || d.Kind == "trigger" && strings.Contains(d.name(), ".RI_ConstraintTrigger_") ||
		d.Kind == "table constraint" && !d.Normal && strings.HasSuffix(d.name(), "_not_null")
}

func (d droppedObject) name() string { return objectAddress(d.Kind, d.Names, d.Args) }

// objectAddress joins the parts of an object's address. Functions of one name differ
// in their arguments.
func objectAddress(kind string, names, args []string) string {
	name := strings.Join(names, ".")
	if kind == "type" || kind == "domain constraint" {
		name = unquoted(name)
	}
	if kind == "domain constraint" {
		return strings.Join(slices.Concat([]string{name}, args), ".")
	}
	if len(args) > 0 && (kind == "function" || kind == "procedure" || kind == "aggregate") {
		name += "(" + strings.Join(args, ", ") + ")"
	}
	return name
}

// unquoted takes the quotes off a name as SQL writes it: public."Role" is public.Role.
// Addresses have types like this, and all other objects word by word.
func unquoted(written string) string {
	const quote, twice = `"`, "\x00"
	written = strings.ReplaceAll(written, quote+quote, twice)
	return strings.ReplaceAll(strings.ReplaceAll(written, quote, ""), twice, quote)
}

// table is the table that a part of a table belongs to.
func (d droppedObject) table() string {
	if len(d.Names) < 3 {
		return ""
	}
	return d.Names[0] + "." + d.Names[1]
}
