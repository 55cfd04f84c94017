package rules

import "github.com/migvet/migvet/lint"

var deleteWithoutWhere = &lint.Rule{
	ID: "delete-without-where", Group: lint.GroupData, Severity: lint.Error,
	Title: "DELETE empties a table",
	Why: "Without `WHERE`, or with one that is always true, all rows go, and through `ON DELETE CASCADE` those of other tables. Each row is locked and written to the log on its own, which takes long and leaves the space used.\n\n" +
		"https://www.postgresql.org/docs/current/sql-delete.html",
	Fix: "Say which rows are meant:\n\n```sql\nDELETE FROM sessions WHERE expires_at < now();\n```\n\n" +
		"When every row is known to be worthless, say so: `-- migvet:ignore delete-without-where reason`.",
	Check: func(p *lint.Pass) {
		for _, c := range changes(p) {
			if c.isDelete && !c.joined && everyRow(c.where) {
				p.Reportf(c.table.Location, "DELETE takes all rows of %s%s; say which rows are meant", tableName(c.table), trialRows(p, c.table))
			}
		}
	},
}
