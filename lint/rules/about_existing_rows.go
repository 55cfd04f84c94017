package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// existingRows tells whether a column is added to a table that can hold rows:
// not one that the migrations under review made or emptied.
func existingRows(p *lint.Pass, c column) bool {
	return c.form == columnAdded && !p.IsNew(c.table) && !isEmptied(p, c.table)
}

// passedOnRows tells whether the server ran the statement on a table with rows.
func passedOnRows(p *lint.Pass, table *pg.RangeVar) bool {
	if !p.Tried() {
		return false
	}
	t := p.Catalog(table)
	return t == nil || t.Rows > 0
}

// isEmptied tells whether the migrations under review took all rows out of a
// table and put none back.
func isEmptied(p *lint.Pass, table *pg.RangeVar) bool {
	t := p.Folded(table)
	return t != nil && t.Emptied
}
