package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var columnRequired = &lint.Rule{
	ID: "column-required", Group: lint.GroupCompat, Severity: lint.Notice,
	On:    facts.Changed,
	Title: "A column without a default becomes NOT NULL",
	Why: "From then on an `INSERT` that leaves the column out, or writes NULL, fails with `23502`. The code that runs until the deploy is over may do that. " +
		"For a column that the same review adds it is a warning: that code does not know the column, so each of its `INSERT`s leaves it out.\n\n" +
		"Adding a column `NOT NULL` without a default fails on any row and is `not-null-fails`; dropping the default afterwards is `default-dropped`.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-NOT-NULL",
	Fix: "First deploy code that always writes the column, then set it `NOT NULL` in a later migration; or give it a default:\n\n```sql\nALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open', ALTER COLUMN state SET NOT NULL;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_SetNotNull && !p.IsNew(c.table) && !isFollowedBy(p, c, pg.AlterTableType_AT_DropColumn, pg.AlterTableType_AT_DropNotNull) && becomesRequired(p, c) {
				reportRequired(p, c)
			}
		}
	},
}

// becomesRequired tells whether the column could be left out until now and has
// nothing that fills it. What nobody knows is not told of.
func becomesRequired(p *lint.Pass, c alterCommand) bool {
	now := p.Table(c.table).Column(c.Name)
	if now == nil || now.Unknown || now.NotNull || refusedNull(p, c) {
		return false
	}
	final := p.FinalColumn(c.table, c.Name)
	return final != nil && final.NotNull && !final.IsFilled()
}

// refusedNull tells whether a CHECK that the base branch has keeps NULL away, as in
// the way to NOT NULL without a long lock: INSERTs that leave the column out fail
// already (23514).
func refusedNull(p *lint.Pass, c alterCommand) bool {
	t := p.Table(c.table)
	return t != nil && slices.ContainsFunc(t.Constraints, func(con lint.Constraint) bool {
		return con.ProvesNotNull(c.Name) && !p.Object(facts.PartOf(facts.Constraint, c.table, con.Name)).IsNew(p)
	})
}

func reportRequired(p *lint.Pass, c alterCommand) {
	column := facts.PartOf(facts.Column, c.table, c.Name)
	if isNewObject(p, column) {
		f := p.Reportf(c.location, "%s has no default, so that every INSERT of code that does not know it fails (23502); give it one until that code is gone", column)
		f.Severity = lint.Warning
		return
	}
	p.Reportf(c.location, "INSERTs that leave out %s fail from now on (23502); first deploy code that always writes it", column)
}
