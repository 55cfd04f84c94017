package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var rowSecurityDisabled = &lint.Rule{
	ID: "row-security-disabled", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Changed,
	Remains: true,
	Title:   "Row security is switched off",
	Why: "The policies stay, but nobody asks them any more: every role with a privilege on the table sees and changes all rows. `NO FORCE ROW LEVEL SECURITY` does that for the table's owner, which is often the role the application uses.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "To move rows past the policies, use a role with `BYPASSRLS` for the migration. To loosen them, change the policies. Switched on again in the same migration it is not reported.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if p.IsNew(c.table) {
				continue
			}
			switch c.Subtype {
			case pg.AlterTableType_AT_DisableRowSecurity:
				if !isFollowedBy(p, c, pg.AlterTableType_AT_EnableRowSecurity) {
					f := p.Reportf(c.location, "without row security every role with a privilege on %s sees and changes all its rows; change the policies instead", tableName(c.table))
					p.TellInSeries(f, "every role", tableName(c.table))
				}
			case pg.AlterTableType_AT_NoForceRowSecurity:
				if !isFollowedBy(p, c, pg.AlterTableType_AT_ForceRowSecurity) {
					f := p.Reportf(c.location, "the owner of %s is free of its policies from now on, which is every query if the application connects as the owner; keep FORCE", tableName(c.table))
					p.TellInSeries(f, "owner", tableName(c.table))
				}
			}
		}
	},
}
