package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var deleteWithoutWhere = &lint.Rule{
	ID: "delete-without-where", Group: lint.GroupData, Severity: lint.Error,
	On:    facts.Querying,
	Title: "DELETE empties a table",
	Why: "Without `WHERE`, or with one that is always true, all rows go, and through `ON DELETE CASCADE` those of other tables. Each row is locked and written to the log on its own, which takes long and leaves the space used.\n\n" +
		"A trial also tells of a `DO` block, a function or a trigger that deleted every row there was, unless it says with `WHERE` which rows it means.\n\n" +
		"https://www.postgresql.org/docs/current/sql-delete.html",
	Fix: "Say which rows are meant:\n\n```sql\nDELETE FROM sessions WHERE expires_at < now();\n```\n\n" +
		"When every row is known to be worthless, say so: `-- migvet:ignore delete-without-where reason`.",
	Check: func(p *lint.Pass) {
		for _, c := range rowChanges(p) {
			if c.isDelete && (c.all() || c.allHold(p)) {
				p.Reportf(c.table.Location, "DELETE takes all rows of %s%s%s; say which rows are meant", tableName(c.table), trialRows(p, c.table), andThroughKeys(p, c.table))
			}
		}
		for _, t := range wholeTables(p, true) {
			f := p.Reportf(t.location, "DELETE takes all rows of %s (%s in the trial)%s; say which rows are meant", t.name, noun.Count(t.rows, "row"), andThroughKeys(p, facts.Identity(facts.Table, t.qname).Relation()))
			p.Measured(f, "deleted all %s of %s", noun.Count(t.rows, "row"), t.name)
		}
	},
}

// andThroughKeys says whose rows go along with all rows of a table; "" for none.
func andThroughKeys(p *lint.Pass, table *pg.RangeVar) string {
	names := deletedThroughKeys(p, table)
	if len(names) == 0 {
		return ""
	}
	return ", and through ON DELETE CASCADE what refers to them in " + strings.Join(names, ", ")
}
