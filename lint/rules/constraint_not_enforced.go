package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/newer"
)

var constraintNotEnforced = &lint.Rule{
	ID: "constraint-not-enforced", Group: lint.GroupData, Severity: lint.Warning,
	Title: "A constraint is written down and not checked",
	Why: "`NOT ENFORCED` (PostgreSQL 18) adds a `CHECK` or foreign key that PostgreSQL never asks: any row comes in, and no `ON DELETE` happens. It looks like a constraint in every diagram and in `\\d`. Older servers refuse the syntax (`42601`).\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-ENFORCED",
	Fix: "Leave `NOT ENFORCED` out. To keep old rows from being checked, add it `NOT VALID`: new rows are checked then. A foreign key can be switched on later, which reads the table: `ALTER CONSTRAINT … ENFORCED`.",
	Check: func(p *lint.Pass) {
		for _, c := range p.Statement.Newer {
			if c.Kind == newer.NotEnforced || c.Kind == newer.AlterNotEnforced {
				p.Reportf(int32(c.Start), "the constraint is never checked, for no row; leave NOT ENFORCED out, or add it NOT VALID, which checks new rows")
			}
		}
	},
}
