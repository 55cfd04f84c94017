package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A constantDefault is a column whose default is a constant other than NULL.
type constantDefault struct {
	column
	sqlvalue.Literal
	typ sqlvalue.Type
}

// constantDefaults returns them in the order they are written. Arrays and
// types nobody knows have an empty typ.Name or typ.Array set.
func constantDefaults(p *lint.Pass) []constantDefault {
	return lint.RememberHere(p, func() []constantDefault { return readConstantDefaults(p) })
}

func readConstantDefaults(p *lint.Pass) []constantDefault {
	var found []constantDefault
	for _, c := range columns(p) {
		if l, ok := sqlvalue.ReadLiteral(c.expr); ok && l.Kind != sqlvalue.NullLiteral {
			found = append(found, constantDefault{c, l, typeOf(p, c)})
		}
	}
	return found
}

// String names the default and its column.
func (d constantDefault) String() string {
	return "default " + d.Literal.String() + " of " + d.column.String()
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
