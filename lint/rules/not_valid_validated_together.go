package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var notValidValidatedTogether = &lint.Rule{
	ID: "not-valid-validated-together", Group: lint.GroupTx, Severity: lint.Error,
	On:    facts.Changed,
	Title: "A constraint is validated in the transaction that adds it NOT VALID",
	Why: "`VALIDATE CONSTRAINT` needs only a weak lock, which is why adding a constraint `NOT VALID` and validating it later lets everybody work. " +
		"But locks are held until the transaction ends: in one transaction the rows are read under the lock of `ADD CONSTRAINT`, `ACCESS EXCLUSIVE` for a `CHECK` and `SHARE ROW EXCLUSIVE` on both tables for a foreign key (which is reported as a warning), just as without `NOT VALID`. " +
		"A tool that runs all pending migrations in one transaction joins even different files when they are deployed together.",
	Fix: "Validate in a migration of its own, in another transaction. With Drizzle, deploy it after the one that adds the constraint.",
	Check: func(p *lint.Pass) {
		if sawNoWork(p) {
			return
		}
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_ValidateConstraint && !p.IsNew(c.table) {
				checkValidated(p, c)
			}
		}
	},
}

func checkValidated(p *lint.Pass, c alterCommand) {
	made := p.ObjectAfter(facts.PartOf(facts.Constraint, c.table, c.Name)).Made()
	if made == nil || made.Statement != p.Statement && !made.IsInTransaction(p) {
		return
	}
	if added, is := made.Tree.(*facts.TableConstraint); is && added.SkipValidation {
		f := p.Reportf(c.location, "validating %s in the transaction that adds it reads %s in full under the lock of ADD CONSTRAINT, as if it were not NOT VALID; validate it in a later %s",
			c.Name, tableName(c.table), laterUnit(p))
		if added.Contype == pg.ConstrType_CONSTR_FOREIGN {
			f.Severity = lint.Warning
		}
		p.Measured(f, "%s", p.Effect())
	}
}
