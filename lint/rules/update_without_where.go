package rules

import (
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var updateWithoutWhere = &lint.Rule{
	ID: "update-without-where", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Querying,
	Title: "UPDATE changes every row of a table",
	Why: "Without `WHERE`, or with one that is always true, no row keeps its value, and nothing but a backup has the old ones. Every row is written again, with all indexes on the columns; each is locked until the transaction ends, and the table grows to about twice its size until vacuum has been there.\n\n" +
		"Columns that the same review adds have no value to lose: filling them is not reported here. A trial also tells of code that updated every row there was, unless it says with `WHERE` which rows it means.\n\n" +
		"https://www.postgresql.org/docs/current/sql-update.html",
	Fix: "Say which rows are meant, and leave alone those that have the value already:\n\n```sql\nUPDATE orders SET state = 'open' WHERE state IS NULL;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range rowChanges(p) {
			if updatesAllRows(p, c) {
				way := "say which rows are meant"
				if c.renewed {
					way = "leave out the rows that have the value already"
				}
				p.Reportf(c.table.Location, "UPDATE changes every row of %s%s and the old values are gone; %s", tableName(c.table), trialRows(p, c.table), way)
			}
		}
		for _, t := range wholeTables(p, false) {
			f := p.Reportf(t.location, "UPDATE changes every row of %s (%s in the trial) and the old values are gone; say which rows are meant", t.name, noun.Count(t.rows, "row"))
			p.Measured(f, "updated all %s of %s", noun.Count(t.rows, "row"), t.name)
		}
	},
}
