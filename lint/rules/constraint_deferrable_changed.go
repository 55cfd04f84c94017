package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

var constraintDeferrableChanged = &lint.Rule{
	ID: "constraint-deferrable-changed", Group: lint.GroupCompat, Severity: lint.Notice,
	On:      facts.Changed,
	Remains: true,
	Title:   "A foreign key is checked at another moment",
	Why: "`INITIALLY DEFERRED` moves the check to the end of the transaction: a statement that is wrong succeeds, and the `COMMIT` fails (`23503`), where code does not expect it and an ORM may not even look. `NOT DEFERRABLE` the other way makes transactions fail that put the rows in the wrong order and relied on it. " +
		"The statement locks both tables for a moment.\n\n" +
		"https://www.postgresql.org/docs/current/sql-set-constraints.html",
	Fix: "`DEFERRABLE INITIALLY IMMEDIATE` changes nothing for code that does not ask for it with `SET CONSTRAINTS … DEFERRED`.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			con := c.GetDef().GetConstraint()
			if c.Subtype != pg.AlterTableType_AT_AlterConstraint || con.GetDeferrable() && !con.GetInitdeferred() || p.IsNew(c.table) || altersOtherwise(p, c) {
				continue
			}
			what := "from now on wrong rows of %s fail at each statement, also in code that put them right before COMMIT (%s); look for SET CONSTRAINTS first"
			if con.GetInitdeferred() {
				what = "from now on wrong rows of %s fail at COMMIT instead of at their statement (%s); make it INITIALLY IMMEDIATE unless all code expects that"
			}
			f := p.Reportf(c.location, what, tableName(c.table), con.GetConname())
			p.Measured(f, "%s", p.Effect())
		}
	},
}

// altersOtherwise tells whether ALTER CONSTRAINT changes something else, and leaves
// DEFERRABLE as it is.
func altersOtherwise(p *lint.Pass, c alterCommand) bool {
	con := c.GetDef().GetConstraint()
	if con.GetDeferrable() || con.GetInitdeferred() {
		return false
	}
	return slices.ContainsFunc([]newer.Kind{newer.AlterEnforced, newer.AlterNotEnforced, newer.AlterInherit}, func(k newer.Kind) bool {
		return p.Statement.IsNewer(k, c.location)
	})
}
