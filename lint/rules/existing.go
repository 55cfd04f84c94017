package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
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
	t := p.Catalog(table)
	return t == nil || t.Rows > 0
}

// emptied tells whether the migrations under review took all rows out of a
// table and put none back.
func emptied(p *lint.Pass, table *pg.RangeVar) bool {
	t := p.Folded(table)
	return t != nil && t.Emptied
}

// becomesNotNull tells whether the migrations under review make a column NOT
// NULL, in the same statement or later.
func becomesNotNull(p *lint.Pass, c column) bool {
	final := p.TableFinal(c.table).Column(c.name)
	return final != nil && final.NotNull
}

// replacedDefault tells whether a later migration under review sets or drops
// the column's default, so that this one only fills the rows that are there.
func replacedDefault(p *lint.Pass, c column) bool {
	for e := range p.Left(facts.PartOf(facts.Column, c.table, c.name)).After(p) {
		if cmd, is := e.Tree.(*pg.AlterTableCmd); is && cmd.Subtype == pg.AlterTableType_AT_ColumnDefault {
			return true
		}
	}
	return false
}
