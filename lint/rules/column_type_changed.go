package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var columnTypeChanged = &lint.Rule{
	ID: "column-type-changed", Group: lint.GroupCompat, Severity: lint.Notice,
	On:    facts.Changed,
	Title: "A quick change of a type still fails prepared statements once",
	Why: "A prepared statement whose result has the column remembers its type and length. After the change its next execution fails with `cached plan must not change result type` (0A000), in every open session, also when the change costs nothing (`varchar(20)` to `varchar(40)`). " +
		"Outside of a transaction most drivers prepare again on their own; inside one it aborts. " +
		"Changes that rewrite the table are told of by column-type-rewrites.\n\n" +
		"https://www.postgresql.org/docs/current/sql-prepare.html",
	Fix: "Expect a few failing transactions, or let the application reconnect after the migration. When the change serves only a limit, `text` with a `CHECK` never has to change again.",
	Check: func(p *lint.Pass) {
		if p.Tried() && !sawNoWork(p) {
			return
		}
		for _, c := range typeChanges(p) {
			if c.from == c.to || (!p.Tried() && c.cost != sqlvalue.ConversionFree) {
				continue
			}
			p.Reportf(c.location, "changing %s is quick, but prepared statements that return the column fail once in every open session; reconnect after the migration", c.label())
		}
	},
}
