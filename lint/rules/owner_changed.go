package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var ownerChanged = &lint.Rule{
	ID: "owner-changed", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Changed,
	Remains: true,
	Title:   "A table in use gets another owner",
	Why: "Who works with a table by the rights of its owner, as many applications do, loses them with it: queries fail with `42501`, and migrations with “must be owner of table”. Row security does not bind the new owner, and binds the old one from now on. " +
		"Not reported where an earlier migration gives the table to the same role.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix:      "Grant the former owner what it needs in the same migration: `GRANT SELECT, INSERT, UPDATE, DELETE ON accounts TO app;`.",
	Explains: []string{"42501"},
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype != pg.AlterTableType_AT_ChangeOwner || p.IsNew(c.table) {
				continue
			}
			owner := c.Newowner.GetRolename()
			if owner == "" || ownerBefore(p, c.table) == owner {
				continue // CURRENT_USER and its like
			}
			p.Reportf(c.location, "%s belongs to %s from now on, and who works by its former owner's rights loses them; grant what is needed", tableName(c.table), owner)
		}
	},
}
