package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var materializedViewRefreshed = &lint.Rule{
	ID: "materialized-view-refreshed", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Filled,
	Title: "A materialized view cannot be read while it is filled again",
	Why: "`REFRESH MATERIALIZED VIEW` runs the view's query, writes all rows and indexes again and holds `ACCESS EXCLUSIVE` on the view until the transaction ends: whoever reads it waits as long as the query takes. " +
		"`CONCURRENTLY` compares the rows instead and lets reads go on; it needs a unique index over plain columns, without `WHERE`.\n\n" +
		"A view that the migrations under review made, or that is left empty (`WITH NO DATA`), is not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html",
	Fix:    "```sql\nCREATE UNIQUE INDEX totals_state_key ON totals (state); -- once\nREFRESH MATERIALIZED VIEW CONCURRENTLY totals;\n```\n\nOr leave refreshing to the job that does it anyway.",
	Scales: true,
	Check: func(p *lint.Pass) {
		r := p.Node().GetRefreshMatViewStmt()
		if r == nil || r.Concurrent || r.SkipData || p.IsNew(r.Relation) || sawNoWork(p) {
			return
		}
		f := p.Reportf(r.Relation.GetLocation(), "nobody can read %s until its query is done and the transaction ends; REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index", tableName(r.Relation))
		p.Measured(f, "%s", p.Effect())
	},
}
