package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

var constraintLeftNotValid = &lint.Rule{
	ID: "constraint-left-not-valid", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A constraint is NOT VALID, and nothing validates it",
	Why: "A constraint that is `NOT VALID` binds new rows only: those that are there may break it, the planner does not use it, and updating an old row that breaks it fails. Adding it so is the right first step; the second, `VALIDATE CONSTRAINT`, is easily forgotten, because nothing reminds of it.\n\n" +
		"Not reported when a later migration of the review validates it, or drops it. Told once for all constraints.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT",
	Fix: "In a later migration, in a transaction of its own:\n\n```sql\nALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			con := c.GetDef().GetConstraint()
			if c.Subtype != pg.AlterTableType_AT_AddConstraint || !con.GetSkipValidation() || con.Conname == "" || p.Statement.IsNewer(newer.NotEnforced, con.Location) || p.IsNew(c.table) || settledLater(p, c, con.Conname) {
				continue
			}
			reportLeftNotValid(p, c.location, constraintCalled(constraintNoun(lint.KindOf(con)), con), tableName(c.table))
		}
		checkLeftByCode(p)
	},
}

// reportLeftNotValid is one finding for all constraints of the review: what adds them NOT
// VALID knows of the second step.
func reportLeftNotValid(p *lint.Pass, location int32, constraint, table string) *lint.Finding {
	f := p.Reportf(location, "%s binds new rows of %s only until it is validated, and nothing here does that; VALIDATE CONSTRAINT in a later %s", constraint, table, laterUnit(p))
	p.TellTogether(f, "the same goes for", constraint+" of "+table)
	return f
}

// checkLeftByCode is about constraints that no parse tree tells of. What is NOT
// ENFORCED is meant to stay so.
func checkLeftByCode(p *lint.Pass) {
	if !p.Tried() || !isOpaque(p.Statement) || p.Effect().After == nil {
		return
	}
	e := p.Effect()
	for _, t := range e.After.Tables {
		table := &pg.RangeVar{Schemaname: t.Schema, Relname: t.Name}
		for _, c := range t.Constraints {
			before := e.Before.Find(t.Schema, t.Name).Constraint(c.Name)
			left := p.FinalConstraint(table, c.Name)
			if t.New || c.Valid || before != nil || left == nil || left.Valid || !c.IsEnforced() {
				continue
			}
			f := reportLeftNotValid(p, 0, string(c.Kind)+" constraint "+c.Name, unqualified(p, t.QName()))
			p.Measured(f, "%s is NOT VALID", c.Name)
		}
	}
}

// settledLater tells whether the migrations under review validate the
// constraint or take it away again.
func settledLater(p *lint.Pass, c alterCommand, name string) bool {
	con := p.FinalConstraint(c.table, name)
	return con == nil || con.Valid
}
