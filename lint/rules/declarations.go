package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A declaration is what the SQL of the history says of a column.
type declaration struct {
	typ     *pg.TypeName // nil when not known
	notNull bool
}

// declarationOf looks for the statements that made a column what it is: this
// one, then earlier ones. Renamed columns and tables are lost on the way.
func declarationOf(p *lint.Pass, table *pg.RangeVar, name string) declaration {
	d := declarationSearch{table: table, name: name}
	if d.visit(p.Statement) {
		return d.found
	}
	for s := range p.Earlier() {
		if d.visit(s) {
			break
		}
	}
	return d.found
}

type declarationSearch struct {
	table *pg.RangeVar
	name  string
	found declaration

	nullable bool // a later DROP NOT NULL wins over what is older
}

// visit tells whether the search is over.
func (d *declarationSearch) visit(s *lint.Statement) bool {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return sameRelation(n.CreateStmt.Relation, d.table) && d.columns(createdColumns(n.CreateStmt), true)
	case *pg.Node_AlterTableStmt:
		return sameRelation(n.AlterTableStmt.Relation, d.table) && d.alter(alterCommands(s))
	}
	return changesName(s, d.table, d.name)
}

// changesName tells whether a statement gives or takes the name of a table or
// of its column, so that what is older is about another one.
func changesName(s *lint.Statement, table *pg.RangeVar, column string) bool {
	r := s.Node.GetRenameStmt()
	switch r.GetRenameType() {
	case pg.ObjectType_OBJECT_TABLE:
		return r.Newname == table.GetRelname() || sameRelation(r.Relation, table)
	case pg.ObjectType_OBJECT_COLUMN:
		return sameRelation(r.Relation, table) && (r.Newname == column || r.Subname == column)
	}
	return false
}

func (d *declarationSearch) alter(commands []alterCommand) bool {
	for _, c := range commands {
		if c.Name != d.name {
			continue
		}
		switch c.Subtype {
		case pg.AlterTableType_AT_AlterColumnType:
			if d.found.typ == nil {
				d.found.typ = c.GetDef().GetColumnDef().GetTypeName()
			}
		case pg.AlterTableType_AT_SetNotNull:
			d.found.notNull = d.found.notNull || !d.nullable
		case pg.AlterTableType_AT_DropNotNull:
			d.nullable = d.nullable || !d.found.notNull
		case pg.AlterTableType_AT_DropColumn:
			return true
		}
	}
	return d.columns(alteredColumns(commands), false)
}

// columns takes the declaration from where the column was made. Before CREATE
// TABLE there was nothing, so the search ends there in any case.
func (d *declarationSearch) columns(made []column, created bool) bool {
	for _, c := range made {
		if c.name != d.name || c.form == columnDefaulted {
			continue
		}
		if d.found.typ == nil {
			d.found.typ = c.def.TypeName
		}
		d.found.notNull = d.found.notNull || (c.notNull() && !d.nullable)
		return true
	}
	return created
}

// laterCommands returns the actions that later statements take on a table.
func laterCommands(p *lint.Pass, table *pg.RangeVar) []alterCommand {
	var commands []alterCommand
	for s := range p.Later() {
		if sameRelation(s.Node.GetAlterTableStmt().GetRelation(), table) {
			commands = append(commands, alterCommands(s)...)
		}
	}
	return commands
}
