package rules

import "github.com/migvet/migvet/lint"

// An addedConstraint is a foreign key or CHECK that code added, and for which it read a table.
type addedConstraint struct {
	lint.Constraint
	table *lint.Table
}

// addedByCode returns the constraints that code added and that were checked, as in
// DO $$ BEGIN ALTER TABLE … ADD CONSTRAINT …; EXCEPTION WHEN duplicate_object THEN null; END $$.
func addedByCode(p *lint.Pass) (added []addedConstraint) {
	if !isOpaque(p.Statement) || !p.Tried() || p.Effect().After == nil {
		return nil
	}
	for _, t := range p.Effect().After.Tables {
		if !p.Effect().DidScan(t.QName()) || p.Effect().DidRewrite(t.QName()) {
			continue
		}
		for _, c := range t.Constraints {
			if (c.Kind == lint.Check || c.Kind == lint.ForeignKey) && c.Valid && p.Effect().Before.Table(t.QName()).Constraint(c.Name) == nil {
				added = append(added, addedConstraint{c, t})
			}
		}
	}
	return added
}

// readForConstraint tells whether a table was read for one of some constraints.
func readForConstraint(added []addedConstraint, table string) bool {
	for _, c := range added {
		if c.table.QName() == table || c.RefTable == table {
			return true
		}
	}
	return false
}
