package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var typeBlocksUpgrade = &lint.Rule{
	ID: "type-blocks-upgrade", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A column holds numbers of catalog rows, which pg_upgrade refuses",
	Why: "`regproc`, `regnamespace` and their like hold the OID of a function, schema or operator. A new major version gives these other numbers, so `pg_upgrade` stops at a database with such a column, and managed services, which upgrade by it, do too. " +
		"A dump writes the names and can be restored only where they exist.\n\n" +
		"`regclass`, `regrole` and `regtype` are kept by `pg_upgrade` and not reported.\n\n" +
		"https://www.postgresql.org/docs/current/pgupgrade.html",
	Fix: "Store the name as `text` and cast it where it is used: `name::regprocedure`.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if upgradeBlockers[c.typ.Name] {
				p.Reportf(c.location, "%s is %s, whose numbers are others in the next major version, so that pg_upgrade refuses the database; store the name as text", c.name, c.typ.Name)
			}
		}
	},
}

// upgradeBlockers are the types that pg_upgrade looks for, in PostgreSQL 14 to 18.
var upgradeBlockers = wordSet("regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure")
