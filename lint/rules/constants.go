package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A constantDefault is a column whose default is a constant other than NULL.
type constantDefault struct {
	column
	literal
	typ dataType
}

// constantDefaults returns them in the order they are written. Arrays and
// types nobody knows have an empty typ.name or typ.array set.
func constantDefaults(p *lint.Pass) []constantDefault {
	var found []constantDefault
	for _, c := range columns(p) {
		if l, ok := constant(c.expr); ok && l.kind != nullLiteral {
			found = append(found, constantDefault{c, l, typeOf(p, c)})
		}
	}
	return found
}

// String names the default and its column.
func (d constantDefault) String() string {
	return "default " + d.literal.String() + " of " + d.column.String()
}

// refuted tells whether the server took what PostgreSQL refuses at once.
// ADD COLUMN computes its default even when there is no row; other statements
// only read it.
func (d constantDefault) refuted(p *lint.Pass) bool { return d.form == columnAdded && p.Tried() }

// outcome says what becomes of a default that reads well but cannot be stored.
func (d constantDefault) outcome() string {
	if d.form == columnAdded {
		return "PostgreSQL refuses the statement"
	}
	return "PostgreSQL accepts it and then refuses every INSERT that leaves the column out"
}

// onlyCastTo tells whether all casts are to the types named, without a length
// or precision.
func (d constantDefault) onlyCastTo(names ...string) bool {
	return !slices.ContainsFunc(d.casts, func(cast *pg.TypeName) bool {
		t := builtinType(cast)
		return !t.is(names...) || len(t.mods) > 0
	})
}
