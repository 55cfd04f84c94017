package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A typedColumn is a column together with the type that a statement writes
// for it: a new column, or a new type of an old one.
type typedColumn struct {
	name     string // with its table
	typ      sqlvalue.Type
	declared *pg.TypeName
	location int32
}

// typedColumns returns the columns that a statement declares or gives another
// type.
func typedColumns(p *lint.Pass) []typedColumn {
	var found []typedColumn
	for _, c := range columns(p) {
		if t := c.def.GetTypeName(); t != nil {
			found = append(found, typedColumn{c.String(), sqlvalue.ReadType(t), t, c.location})
		}
	}
	for _, c := range alterCommands(p.Statement) {
		if t := c.GetDef().GetColumnDef().GetTypeName(); t != nil && c.Subtype == pg.AlterTableType_AT_AlterColumnType {
			found = append(found, typedColumn{tableName(c.table) + "." + c.Name, sqlvalue.ReadType(t), t, c.location})
		}
	}
	return found
}
