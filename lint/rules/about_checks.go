package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// checksOn returns the CHECK expressions of the table that can concern a
// column: from the catalog if it is known, else those of the statement.
func checksOn(p *lint.Pass, c column) []*pg.Node {
	t := p.CatalogAfter(c.table)
	if t == nil && c.form == columnDefaulted {
		t = p.Catalog(c.table)
	}
	if t != nil {
		return storedChecks(t)
	}
	var found []*pg.Node
	add := func(con *pg.Constraint) {
		if con.GetContype() == pg.ConstrType_CONSTR_CHECK {
			found = append(found, con.RawExpr)
		}
	}
	add(c.constraint(pg.ConstrType_CONSTR_CHECK))
	for _, element := range p.Node().GetCreateStmt().GetTableElts() {
		add(element.GetConstraint())
	}
	for _, cmd := range alterCommands(p.Statement) {
		add(cmd.GetDef().GetConstraint())
	}
	return found
}

// storedChecks reads what pg_get_constraintdef prints.
func storedChecks(t *lint.Table) []*pg.Node {
	var found []*pg.Node
	for _, con := range t.Constraints {
		if con.Kind != lint.Check {
			continue
		}
		for _, cmd := range lint.Tree("ALTER TABLE t ADD " + con.Definition).GetAlterTableStmt().GetCmds() {
			if expr := cmd.GetAlterTableCmd().GetDef().GetConstraint().GetRawExpr(); expr != nil {
				found = append(found, expr)
			}
		}
	}
	return found
}
