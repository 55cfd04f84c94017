package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var materializedViewFilled = &lint.Rule{
	ID: "materialized-view-filled", Group: lint.GroupTx, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A materialized view is filled by the migration",
	Why: "`CREATE MATERIALIZED VIEW` runs its query at once, for as long as that takes, inside the migration: the deploy waits, the transaction stays open, locks that it took before are held on, and a statement timeout ends it.\n\n" +
		"Reported when the query reads a table that existed before. Inside a transaction that has locked such a table, `lock-held-during-work` tells of it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-creatematerializedview.html",
	Fix:    "Make it empty, and fill it outside of the migration; until then reading it fails (`55000`):\n\n```sql\nCREATE MATERIALIZED VIEW totals AS SELECT … WITH NO DATA;\n-- later, by hand or by the job that refreshes it:\nREFRESH MATERIALIZED VIEW totals;\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateTableAsStmt()
		if s.GetObjtype() != pg.ObjectType_OBJECT_MATVIEW || s.Into.GetSkipData() || s.IfNotExists && p.Catalog(s.Into.GetRel()) != nil {
			return
		}
		table := sourceInUse(p, s.Query)
		if table == nil || len(p.Held()) > 0 {
			return
		}
		f := p.Reportf(s.Into.GetRel().GetLocation(), "the migration waits until the query of %s has read %s; create it WITH NO DATA and REFRESH it afterwards", tableName(s.Into.GetRel()), tableName(table))
		p.Measured(f, "%s", p.Effect())
	},
}
