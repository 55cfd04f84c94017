package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// goesWith says which objects PostgreSQL drops with a column, as a clause:
// ", and index tasks_title_idx goes with it". It is empty when nothing does or
// nothing was tried.
func goesWith(p *lint.Pass, r removal) string {
	var names []string
	for _, o := range takenAlong(p, r) {
		names = append(names, describeObject(p, o))
	}
	if len(names) == 0 {
		return ""
	}
	verb := " goes with it"
	if len(names) > 1 {
		verb = " go with it"
	}
	return ", and " + listed(names) + verb
}

// lostWithColumn lists what went with a column that is added again, but for what is made
// again behind it: "index tasks_open_idx".
func lostWithColumn(p *lint.Pass, column removal) string {
	var names []string
	for _, o := range takenAlong(p, column) {
		if p.MadeAgain(o) == nil {
			names = append(names, describeObject(p, o))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return listed(names)
}

// tellableKinds are the kinds of objects people know by name.
var tellableKinds = []facts.Kind{
	"table", "table column", "table constraint", "index", "view", "materialized view", "foreign table",
	"trigger", "policy", "default value", "function", "procedure", "aggregate", "type", "sequence", "publication relation",
}

// takenAlong returns what went with a column on its own account: of several
// that one statement drops, each has its own indexes.
func takenAlong(p *lint.Pass, column removal) []facts.Name {
	if column.seen == nil {
		return nil
	}
	alone := len(removals(p, column.Kind)) == 1
	var found []facts.Name
	for _, o := range p.Effect().Dropped {
		name := facts.Identity(facts.Kind(o.Kind), o.Name)
		if !o.Auto || o.Kind == "default value" || !slices.Contains(tellableKinds, name.Kind) || isImplied(name, found) || ofPartition(p, name, column) {
			continue
		}
		if alone || coversColumn(p, name, column) {
			found = append(found, name)
		}
	}
	return found
}

// ofPartition tells whether an object belongs to a partition or child of the
// column's table, which has its own copy of everything.
func ofPartition(p *lint.Pass, o facts.Name, column removal) bool {
	if o.Kind.IsPart() {
		return !p.SameRelation(o.Relation(), column.Relation())
	}
	t := p.Catalog(column.Relation())
	return o.Kind == "index" && t != nil && !slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool { return ix.Name == o.Name })
}

// isImplied tells whether an object is only how another is made: the index of a
// constraint, TOAST's own.
func isImplied(o facts.Name, found []facts.Name) bool {
	if o.Schema == "pg_toast" {
		return true
	}
	return o.Kind == "index" && slices.ContainsFunc(found, func(f facts.Name) bool {
		return f.Kind == "table constraint" && f.Name == o.Name
	})
}

// coversColumn tells whether an index or constraint is over a column.
func coversColumn(p *lint.Pass, o facts.Name, column removal) bool {
	t := p.Catalog(column.Relation())
	if t == nil {
		return false
	}
	if c := t.Constraint(o.Name); c != nil {
		return slices.Contains(c.Columns, column.Name.Name)
	}
	for _, ix := range t.Indexes {
		if ix.Name == o.Name {
			return slices.Contains(ix.Columns, column.Name.Name) || hasName(ix.Definition, column.Name.Name)
		}
	}
	return false
}

// hasName tells whether a definition has a name as a word: b is not in "USING btree (a)".
func hasName(definition, name string) bool {
	return regexp.MustCompile(`(^|[^\w$])` + regexp.QuoteMeta(name) + `($|[^\w$])`).MatchString(definition)
}

// describeObject names an object with its kind, and a constraint with what it is.
func describeObject(p *lint.Pass, o facts.Name) string {
	if o.Kind == "table constraint" {
		if c := p.Catalog(o.Relation()).Constraint(o.Name); c != nil {
			return strings.Replace(o.Phrase(), "constraint", constraintNoun(c.Kind), 1)
		}
	}
	return o.Phrase()
}
