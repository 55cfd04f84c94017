package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var checkVolatile = &lint.Rule{
	ID: "check-volatile", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A CHECK gives another answer later",
	Why: "PostgreSQL takes a `CHECK` that calls `now()`, `random()` or `current_user`, but checks a row only when it is written. What was true then is not later: `VALIDATE CONSTRAINT` fails, `pg_restore` refuses the rows of its own backup, an `UPDATE` of another column fails on an old row.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS",
	Fix: "Compare with another column, such as `CHECK (ends_at > created_at)`, or check in a `BEFORE INSERT` trigger what only has to be true at that moment.",
	Check: func(p *lint.Pass) {
		for _, f := range p.Facts() {
			if c, is := f.Tree.(*facts.TableConstraint); is && c.Contype == pg.ConstrType_CONSTR_CHECK {
				reportVolatileCheck(p, c.Constraint)
			}
		}
		for _, n := range slices.Concat(p.Node().GetCreateDomainStmt().GetConstraints(), []*pg.Node{p.Node().GetAlterDomainStmt().GetDef()}) {
			if c := n.GetConstraint(); c.GetContype() == pg.ConstrType_CONSTR_CHECK {
				reportVolatileCheck(p, c)
			}
		}
	},
}

func reportVolatileCheck(p *lint.Pass, c *pg.Constraint) {
	v, function := volatilityOf(p, c.RawExpr)
	if v == facts.Stable || v == facts.Volatile {
		p.Reportf(c.Location, "%s calls %s, whose answer changes, so that rows break it later and a restored backup is refused; compare with a column instead", constraintCalled("constraint", c), facts.CallText(function))
	}
}
