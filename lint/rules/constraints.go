package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A constraintFact is what is known of a constraint, from the catalog or from
// the statement that made it.
type constraintFact struct {
	table    *pg.RangeVar
	name     string
	kind     lint.ConstraintKind // "" when not known
	columns  []string
	ref      string // the table a foreign key points at, as written
	proves   string // the column that a CHECK keeps from being NULL, and nothing else
	location int32  // in the statement that makes it
}

// constraintOf finds what is known of a constraint that a statement drops.
func constraintOf(p *lint.Pass, table *pg.RangeVar, name string) constraintFact {
	if t := p.Table(table); t != nil {
		return catalogConstraint(t, table, name)
	}
	for s := range p.Earlier() {
		for _, c := range constraintsMade(s) {
			if c.name == name && sameRelation(c.table, table) {
				return c
			}
		}
	}
	return constraintFact{table: table, name: name}
}

func catalogConstraint(t *lint.Table, table *pg.RangeVar, name string) constraintFact {
	f := constraintFact{table: table, name: name}
	c := t.Constraint(name)
	if c == nil {
		return f
	}
	f.kind, f.columns, f.ref = c.Kind, c.Columns, unqualified(c.RefTable)
	for _, column := range t.Columns {
		if c.ProvesNotNull(column.Name) {
			f.proves = column.Name
		}
	}
	return f
}

// constraintsMade returns the constraints a statement adds to a table.
func constraintsMade(s *lint.Statement) []constraintFact {
	var out []constraintFact
	create := s.Node.GetCreateStmt()
	for _, n := range create.GetTableElts() {
		out = appendConstraints(out, create.Relation, n)
	}
	for _, c := range tableCommands(s) {
		if c.Subtype == pg.AlterTableType_AT_AddConstraint || c.Subtype == pg.AlterTableType_AT_AddColumn {
			out = appendConstraints(out, s.Node.GetAlterTableStmt().GetRelation(), c.Def)
		}
	}
	return out
}

// appendConstraints reads a table constraint, or those of a column.
func appendConstraints(out []constraintFact, table *pg.RangeVar, n *pg.Node) []constraintFact {
	if c := n.GetConstraint(); c != nil {
		return appendConstraint(out, table, c, nil)
	}
	column := n.GetColumnDef()
	for _, con := range column.GetConstraints() {
		out = appendConstraint(out, table, con.GetConstraint(), []string{column.Colname})
	}
	return out
}

var constraintKinds = map[pg.ConstrType]lint.ConstraintKind{
	pg.ConstrType_CONSTR_PRIMARY:   lint.PrimaryKey,
	pg.ConstrType_CONSTR_UNIQUE:    lint.Unique,
	pg.ConstrType_CONSTR_CHECK:     lint.Check,
	pg.ConstrType_CONSTR_FOREIGN:   lint.ForeignKey,
	pg.ConstrType_CONSTR_EXCLUSION: lint.Exclusion,
}

func appendConstraint(out []constraintFact, table *pg.RangeVar, c *pg.Constraint, columns []string) []constraintFact {
	kind, known := constraintKinds[c.GetContype()]
	if !known {
		return out
	}
	f := constraintFact{table: table, name: c.Conname, kind: kind, columns: columns, proves: saysNotNull(c.RawExpr), location: c.Location}
	if columns == nil {
		f.columns = words(append(slices.Clone(c.Keys), c.FkAttrs...))
	}
	if c.Pktable != nil {
		f.ref = tableName(c.Pktable)
	}
	if f.name == "" {
		f.name = chosenName(f)
	}
	return append(out, f)
}

// chosenName is the name PostgreSQL gives a constraint that has none, unless
// it is taken or too long.
func chosenName(f constraintFact) string {
	suffix := map[lint.ConstraintKind]string{
		lint.PrimaryKey: "pkey", lint.Unique: "key", lint.Check: "check", lint.ForeignKey: "fkey", lint.Exclusion: "excl",
	}[f.kind]
	parts := []string{f.table.GetRelname()}
	if f.kind != lint.PrimaryKey {
		parts = append(parts, f.columns...)
	}
	return strings.Join(append(parts, suffix), "_")
}

// saysNotNull returns c for the expression "c IS NOT NULL".
func saysNotNull(expr *pg.Node) string {
	test := expr.GetNullTest()
	if test.GetNulltesttype() != pg.NullTestType_IS_NOT_NULL {
		return ""
	}
	fields := words(test.GetArg().GetColumnRef().GetFields())
	if len(fields) == 0 {
		return ""
	}
	return fields[len(fields)-1]
}
