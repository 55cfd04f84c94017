package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// goesWith says which objects PostgreSQL drops with a column, as a clause:
// ", and index tasks_title_idx goes with it". It is empty when nothing does or
// nothing was tried.
func goesWith(p *lint.Pass, r removal) string {
	var names []string
	for _, o := range takenAlong(p, r) {
		names = append(names, described(p, o))
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

// tellable are the kinds of objects people know by name.
var tellable = []string{
	"table", "table column", "table constraint", "index", "view", "materialized view", "foreign table",
	"trigger", "policy", "default value", "function", "procedure", "aggregate", "type", "sequence", "publication relation",
}

// takenAlong returns what went with a column on its own account: of several
// that one statement drops, each has its own indexes.
func takenAlong(p *lint.Pass, column removal) []objectName {
	if column.seen == nil {
		return nil
	}
	alone := len(removals(p, column.kind)) == 1
	var found []objectName
	for _, o := range p.Effect().Dropped {
		name := catalogObject(o)
		if !o.Auto || o.Kind == "default value" || !slices.Contains(tellable, o.Kind) || implied(name, found) || ofPartition(p, name, column) {
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
func ofPartition(p *lint.Pass, o objectName, column removal) bool {
	if o.partOfTable() {
		return !sameRelation(o.table(), column.table())
	}
	t := p.Table(column.table())
	return o.kind == "index" && t != nil && !slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool { return ix.Name == o.base() })
}

// implied tells whether an object is only how another is made: the index of a
// constraint, TOAST's own.
func implied(o objectName, found []objectName) bool {
	if len(o.parts) > 0 && o.parts[0] == "pg_toast" {
		return true
	}
	return o.kind == "index" && slices.ContainsFunc(found, func(f objectName) bool {
		return f.kind == "table constraint" && f.base() == o.base()
	})
}

// coversColumn tells whether an index or constraint is over a column.
func coversColumn(p *lint.Pass, o objectName, column removal) bool {
	t := p.Table(column.table())
	if t == nil {
		return false
	}
	if c := t.Constraint(o.base()); c != nil {
		return slices.Contains(c.Columns, column.base())
	}
	for _, ix := range t.Indexes {
		if ix.Name == o.base() {
			return slices.Contains(ix.Columns, column.base()) || strings.Contains(ix.Definition, column.base())
		}
	}
	return false
}

// described names an object with its kind, and a constraint with what it is.
func described(p *lint.Pass, o objectName) string {
	if o.kind == "table constraint" {
		if c := p.Table(o.table()).Constraint(o.base()); c != nil {
			return strings.Replace(o.phrase(), "constraint", constraintNoun(c.Kind), 1)
		}
	}
	return o.phrase()
}

// constraintNoun says what a constraint is called in a sentence.
func constraintNoun(k lint.ConstraintKind) string {
	switch k {
	case lint.PrimaryKey, lint.ForeignKey:
		return string(k)
	}
	return string(k) + " constraint"
}
