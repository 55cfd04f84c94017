package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var refreshWithoutUniqueIndex = &lint.Rule{
	ID: "refresh-without-unique-index", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Filled,
	Title: "A materialized view without a unique index is refreshed CONCURRENTLY",
	Why: "`CONCURRENTLY` finds the rows that changed by a unique index over plain columns that covers all rows. Without one PostgreSQL refuses (`55000`), and it refuses a view that was never filled (`0A000`).\n\n" +
		"https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
	Fix:      "```sql\nCREATE UNIQUE INDEX totals_state_key ON totals (state);\nREFRESH MATERIALIZED VIEW CONCURRENTLY totals;\n```\n\nThe first time, fill it without `CONCURRENTLY`.",
	Explains: []string{"55000", "0A000"},
	Check: func(p *lint.Pass) {
		r := p.Node().GetRefreshMatViewStmt()
		if !r.GetConcurrent() || p.Tried() {
			return
		}
		filled, unique, known := refreshable(p, r.Relation)
		switch {
		case !known:
		case !filled:
			p.Reportf(r.Relation.GetLocation(), "PostgreSQL refuses to refresh %s CONCURRENTLY while it was never filled; REFRESH it without CONCURRENTLY once", tableName(r.Relation))
		case !unique:
			p.Reportf(r.Relation.GetLocation(), "PostgreSQL refuses to refresh %s CONCURRENTLY without a unique index on it; CREATE UNIQUE INDEX first", tableName(r.Relation))
		}
	},
}

// refreshable reads the history of a materialized view; known is false when no
// statement makes it.
func refreshable(p *lint.Pass, view *pg.RangeVar) (filled, unique, known bool) {
	o := p.Relation(view)
	made := o.Made()
	if made == nil {
		return false, false, false
	}
	as, is := made.Tree.(*pg.CreateTableAsStmt)
	if !is {
		return false, false, false
	}
	for e := range o.Before(p) {
		refresh, is := e.Tree.(*pg.RefreshMatViewStmt)
		filled = filled || is && !refresh.SkipData
	}
	unique = slices.ContainsFunc(p.Folded(view).Indexes, func(ix lint.Index) bool {
		return ix.Unique && !ix.Partial && len(ix.Columns) > 0 && !slices.Contains(ix.Columns, "")
	})
	return filled || !as.Into.GetSkipData(), unique, true
}
