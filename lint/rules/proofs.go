package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// provenBySQL tells whether earlier statements left a validated CHECK that
// proves a column to hold no NULL.
func provenBySQL(p *lint.Pass, c alterCommand) bool { return len(proofsBySQL(p, c)) > 0 }

// proofsBySQL returns the names of those checks.
func proofsBySQL(p *lint.Pass, c alterCommand) []string {
	search := proofSearch{table: c.table, column: c.Name, dropped: map[string]bool{}, validated: map[string]bool{}}
	for s := range p.Earlier() {
		if search.visit(s) {
			break
		}
	}
	return search.proofs
}

// proofSearch goes back through a history, nearest statement first.
type proofSearch struct {
	table  *pg.RangeVar
	column string

	dropped, validated map[string]bool
	proofs             []string
}

// visit tells whether the search is over.
func (ps *proofSearch) visit(s *lint.Statement) bool {
	if create := s.Node.GetCreateStmt(); create != nil && sameRelation(create.Relation, ps.table) {
		for _, element := range create.TableElts {
			ps.constraint(element.GetConstraint())
			ps.columnChecks(element.GetColumnDef())
		}
		return true
	}
	if !sameRelation(s.Node.GetAlterTableStmt().GetRelation(), ps.table) {
		return changesName(s, ps.table, ps.column)
	}
	commands := alterCommands(s)
	for i := len(commands) - 1; i >= 0; i-- {
		switch c := commands[i]; c.Subtype {
		case pg.AlterTableType_AT_DropConstraint:
			ps.dropped[c.Name] = true
		case pg.AlterTableType_AT_ValidateConstraint:
			ps.validated[c.Name] = true
		case pg.AlterTableType_AT_AddConstraint:
			ps.constraint(c.GetDef().GetConstraint())
		case pg.AlterTableType_AT_AddColumn:
			ps.columnChecks(c.GetDef().GetColumnDef())
		}
	}
	return false
}

func (ps *proofSearch) columnChecks(def *pg.ColumnDef) {
	for _, n := range def.GetConstraints() {
		ps.constraint(n.GetConstraint())
	}
}

func (ps *proofSearch) constraint(c *pg.Constraint) {
	if c.GetContype() != pg.ConstrType_CONSTR_CHECK || !provesNotNull(c.GetRawExpr(), ps.column) {
		return
	}
	name := c.Conname
	if name == "" { // as PostgreSQL calls it
		name = ps.table.GetRelname() + "_" + ps.column + "_check"
	}
	if !ps.dropped[name] && (!c.SkipValidation || ps.validated[name]) {
		ps.proofs = append(ps.proofs, name)
	}
}

// provesNotNull tells whether an expression that is not false means that a
// column is not NULL.
func provesNotNull(expr *pg.Node, column string) bool {
	if test := expr.GetNullTest(); test != nil {
		fields := words(test.GetArg().GetColumnRef().GetFields())
		return test.Nulltesttype == pg.NullTestType_IS_NOT_NULL && len(fields) == 1 && fields[0] == column
	}
	and := expr.GetBoolExpr()
	if and.GetBoolop() != pg.BoolExprType_AND_EXPR {
		return false
	}
	for _, arg := range and.Args {
		if provesNotNull(arg, column) {
			return true
		}
	}
	return false
}
