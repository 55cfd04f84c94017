package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// String names the column as the statement does.
func (c column) String() string { return tableName(c.table) + "." + c.name }

// defaultLocation returns where the column's default is set.
func (c column) defaultLocation() int32 {
	if d := c.constraint(pg.ConstrType_CONSTR_DEFAULT); d != nil {
		return d.Location
	}
	return c.location
}

// existingRows tells whether a column is added to a table that can hold rows:
// not one that the migrations under review made or emptied.
func existingRows(p *lint.Pass, c column) bool {
	return c.form == columnAdded && !p.IsNew(c.table) && !emptied(p, c.table)
}

// passedOnRows tells whether the server ran the statement on a table with rows.
func passedOnRows(p *lint.Pass, table *pg.RangeVar) bool {
	if !p.Tried() {
		return false
	}
	t := p.Table(table)
	return t == nil || t.Rows > 0
}

// emptied tells whether the migrations under review took all rows out of a
// table and put none back.
func emptied(p *lint.Pass, table *pg.RangeVar) bool {
	for _, s := range reviewedBefore(p) {
		switch n := s.Node.GetNode().(type) {
		case *pg.Node_InsertStmt:
			if sameRelation(n.InsertStmt.Relation, table) {
				return false
			}
		case *pg.Node_CopyStmt:
			if sameRelation(n.CopyStmt.Relation, table) {
				return false
			}
		case *pg.Node_DeleteStmt:
			if sameRelation(n.DeleteStmt.Relation, table) && n.DeleteStmt.WhereClause == nil && len(n.DeleteStmt.UsingClause) == 0 {
				return true
			}
		case *pg.Node_TruncateStmt:
			for _, r := range n.TruncateStmt.Relations {
				if sameRelation(r.GetRangeVar(), table) {
					return true
				}
			}
		}
	}
	return false
}

// becomesNotNull tells whether the migrations under review make a column NOT
// NULL, in the same statement or later.
func becomesNotNull(p *lint.Pass, c column) bool {
	if final := p.Final(c.table).Column(c.name); final != nil {
		return final.NotNull
	}
	for _, cmd := range append(alterCommands(p.Statement), laterCommands(p, c.table)...) {
		if cmd.Subtype == pg.AlterTableType_AT_SetNotNull && cmd.Name == c.name {
			return true
		}
	}
	for _, cmd := range laterCommands(p, c.table) {
		for _, key := range primaryKey(cmd.GetDef().GetConstraint()) {
			if key == c.name {
				return true
			}
		}
	}
	return false
}

// replacedDefault tells whether a later migration under review sets or drops
// the column's default, so that this one only fills the rows that are there.
func replacedDefault(p *lint.Pass, c column) bool {
	for _, cmd := range laterCommands(p, c.table) {
		if cmd.Subtype == pg.AlterTableType_AT_ColumnDefault && cmd.Name == c.name {
			return true
		}
	}
	return false
}
