package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var rowSecurityWithoutPolicy = &lint.Rule{
	ID: "row-security-without-policy", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Changed,
	Title: "Row security hides all rows of a table in use",
	Why: "Row security denies what no policy allows. Without a policy every role but the owner (and superusers, and roles with `BYPASSRLS`) sees an empty table from that moment on, and its inserts fail with `42501`. Queries do not fail: they return nothing.\n\n" +
		"A new table is not reported: nobody uses it yet. Reported only for tables that the migrations made, because policies may have been made elsewhere.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Make the policies first, in the same transaction:\n\n```sql\nCREATE POLICY own_notes ON notes USING (owner = current_user);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype != pg.AlterTableType_AT_EnableRowSecurity || p.IsNew(c.table) {
				continue
			}
			own := madeSecurity(p, facts.Named(facts.Table, c.table))
			if own != nil && own.RowSecurity && own.Policies == 0 {
				p.Reportf(c.location, "row security without a policy hides all rows of %s from everybody but its owner, and no query fails; create the policies first", tableName(c.table))
			}
		}
	},
}
