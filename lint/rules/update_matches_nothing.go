package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var updateMatchesNothing = &lint.Rule{
	ID: "update-matches-nothing", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Querying,
	Title: "UPDATE asks for what no row has",
	Why: "`ADD COLUMN … DEFAULT 'a'` gives `'a'` to every row that is there. `UPDATE … SET … WHERE column IS NULL` behind it finds no row, and nothing fails: old rows keep the default, which is hardly what the `UPDATE` was written for. " +
		"It is the same with a column that is `NOT NULL`, and with any value other than the one that a new column has in every row: without a default that is NULL, which `=`, `<>` and `IN` do not find.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix: "Where old rows are to have another value than new ones, set the default behind the `UPDATE`:\n\n" +
		"```sql\nALTER TABLE orders ADD COLUMN plan text;\nUPDATE orders SET plan = 'old' WHERE plan IS NULL;\nALTER TABLE orders ALTER COLUMN plan SET DEFAULT 'new';\n```\n\n" +
		"Where they are to have the same, leave the `UPDATE` out.",
	Check: func(p *lint.Pass) {
		for _, c := range rowChanges(p) {
			if c.isDelete {
				continue
			}
			if column, why := c.matchesNothing(p); why != "" {
				p.Reportf(c.table.Location, "this UPDATE does nothing: no row of %s has NULL in %s, %s", tableName(c.table), column, why)
			} else if held, found := c.heldByNone(p); found && held.literal.Kind == sqlvalue.NullLiteral {
				p.Reportf(c.table.Location, "this UPDATE does nothing: every row of %s has NULL in %s, which the review added without a default; fill it before, or ask for IS NULL", tableName(c.table), held.column)
			} else if found {
				p.Reportf(c.table.Location, "this UPDATE does nothing: every row of %s has %s in %s, the default that it was added with; ask for that, or leave the UPDATE out", tableName(c.table), held, held.column)
			}
		}
	},
}
