package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableDiffers = &lint.Rule{
	ID: "table-differs", Group: lint.GroupData, Severity: lint.Error,
	On:    facts.Made,
	Title: "CREATE TABLE IF NOT EXISTS meets a table with other columns",
	Why: "PostgreSQL compares nothing but the name. A table that is there stays as it is, without the columns that the migration writes, and the migration counts as applied; the code that was written for it fails with `42703` when it runs. New databases get whichever comes first.\n\n" +
		"Only names of columns and types are compared. When nothing differs, it is `no-effect`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html",
	Fix: "Write what turns the existing table into the wanted one, `ALTER TABLE … ADD COLUMN`, or give the new one another name. Leave `IF NOT EXISTS` out, so that a collision is an error.",
	Check: func(p *lint.Pass) {
		if differences := differingColumns(p); len(differences) > 0 {
			table := p.Node().GetCreateStmt().Relation
			p.Reportf(table.GetLocation(), "%s exists with other columns, and nothing happens here: %s; write the ALTER TABLE instead", tableName(table), listed(differences))
		}
	},
}
