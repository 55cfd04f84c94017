package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A typeUser is who used a type before the review, as far as statements of the history
// made it.
type typeUser struct {
	first   typedPart   // column that has it
	dropped *lint.Event // the first statement of the review that drops one of them, or its table; nil for none
}

// typeUsers are the columns of the base branch by their types.
type typeUsers map[wholeName]typeUser

func typeUserOf(p *lint.Pass, typ facts.Name) typeUser {
	return lint.Remember(p, func() typeUsers { return findTypeUsers(p) })[wholeNamed(p, typ)]
}

func findTypeUsers(p *lint.Pass) typeUsers {
	users := typeUsers{}
	for _, table := range p.Tables() {
		types := typesBefore(p, table)
		if len(types) == 0 {
			continue
		}
		for column, typ := range types {
			if user := users[typ]; user.first.Object == nil || user.first.column > column.column {
				user.first = column
				users[typ] = user
			}
		}
		for e := range table.Reviewed(p) {
			users.drop(types, table, &e)
		}
	}
	return users
}

// drop notes what an event takes from the users of types.
func (users typeUsers) drop(types map[typedPart]wholeName, table *lint.Object, e *lint.Event) {
	if e.Verb&facts.Dropped == 0 {
		return
	}
	for column, typ := range types {
		user := users[typ]
		if (e.Object.Is(table) || e.Object.Is(column.Object)) && (user.dropped == nil || user.dropped.IsBehind(e)) {
			user.dropped = e
			users[typ] = user
		}
	}
}

// A typedPart is a column of a table that was there before the review.
type typedPart struct {
	*lint.Object
	column string // with its table, as it was called when it got the type
}

// typesBefore returns the types that the columns of a table had before the review, those
// of PostgreSQL left out.
func typesBefore(p *lint.Pass, table *lint.Object) map[typedPart]wholeName {
	types, seen := map[typedPart]wholeName{}, map[*lint.Object]bool{}
	for e := range table.Before(p) {
		declared, isGone := declaredType(&e), e.Verb&facts.Dropped != 0
		if e.New || e.Name.Kind != facts.Column || seen[e.Object] || declared == nil && !isGone {
			continue
		}
		seen[e.Object] = true
		name := facts.Qualified(facts.Type, facts.Words(declared.GetNames()))
		if !isGone && name.Schema != "pg_catalog" && !facts.IsCommonType(name.Name) {
			types[typedPart{e.Object, e.Name.String()}] = wholeNamed(p, name)
		}
	}
	return types
}

// declaredType returns the type that an event gives a column; nil when it gives none.
func declaredType(e *lint.Event) *pg.TypeName {
	switch tree := e.Tree.(type) {
	case *pg.ColumnDef:
		return tree.TypeName
	case *pg.AlterTableCmd:
		return tree.GetDef().GetColumnDef().GetTypeName()
	}
	return nil
}
