package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// matchesNothing returns a column that a change asks for NULL in every row that it means,
// although no row has it, and why none has, with what to do; why is "" where some may.
func (c rowChange) matchesNothing(p *lint.Pass) (column, why string) {
	for _, column := range c.columnsAskedForNull() {
		if why := whyNeverNull(p, c.table, column); why != "" {
			return column, why
		}
	}
	return "", ""
}

// columnsAskedForNull returns the columns of its table that a change asks for NULL in every
// row that it means: WHERE state IS NULL AND id < 100.
func (c rowChange) columnsAskedForNull() []string {
	var found []string
	for _, n := range conjuncts(c.where) {
		test := n.GetNullTest()
		column := facts.Words(test.GetArg().GetColumnRef().GetFields())
		if test.GetNulltesttype() != pg.NullTestType_IS_NULL || len(column) == 0 || c.joined && !c.isQualified(column) {
			continue
		}
		found = append(found, column[len(column)-1])
	}
	return found
}

// isQualified tells whether a column is written as one of the table that is changed.
func (c rowChange) isQualified(column []string) bool {
	name := c.table.Relname
	if alias := c.table.GetAlias().GetAliasname(); alias != "" {
		name = alias
	}
	return len(column) > 1 && column[len(column)-2] == name
}

// conjuncts returns the conditions that must all hold.
func conjuncts(where *pg.Node) []*pg.Node {
	b := where.GetBoolExpr()
	if b.GetBoolop() != pg.BoolExprType_AND_EXPR {
		return []*pg.Node{where}
	}
	var all []*pg.Node
	for _, n := range b.Args {
		all = append(all, conjuncts(n)...)
	}
	return all
}

// whyNeverNull says why no row has NULL in a column, and what to do; "" where one may.
func whyNeverNull(p *lint.Pass, table *pg.RangeVar, column string) string {
	t := p.Table(table)
	if t == nil || t.Kind != "" && t.Kind != lint.OrdinaryTable && t.Kind != lint.PartitionedTable {
		return ""
	}
	if value := defaultOfAllRows(p, table, column); value != "" {
		return "since the column was added with " + value + ", which they all hold; set the default behind the UPDATE, or leave the UPDATE out"
	}
	c := t.Column(column)
	if c == nil || c.Unknown || !c.NotNull || hasUnvalidated(t, column) {
		return ""
	}
	return "which is NOT NULL; ask for the value that is meant, or leave the UPDATE out"
}

// hasUnvalidated tells whether a column has a NOT NULL that old rows need not keep.
// https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT
func hasUnvalidated(t *lint.Table, column string) bool {
	return slices.ContainsFunc(t.Constraints, func(c lint.Constraint) bool {
		return c.Kind == lint.NotNullC && !c.Valid && slices.Contains(c.Columns, column)
	})
}

// defaultOfAllRows returns the default with which the review added a column, while nothing
// has written rows since: "DEFAULT 'new'".
func defaultOfAllRows(p *lint.Pass, table *pg.RangeVar, column string) string {
	o := p.Object(facts.PartOf(facts.Column, table, column))
	made := o.Made()
	if made == nil || !o.IsNew(p) {
		return ""
	}
	def, _ := made.Tree.(*pg.ColumnDef)
	value := neverNull(facts.ColumnConstraint(def, pg.ConstrType_CONSTR_DEFAULT).GetRawExpr())
	if value == "" {
		return ""
	}
	for e := range p.Relation(table).Before(p) {
		if e.Verb&(facts.Filled|facts.Updated) != 0 && e.IsBehind(made) {
			return ""
		}
	}
	return "DEFAULT " + value
}

// neverNull writes a default that is a value whatever the row; "" for another.
func neverNull(expr *pg.Node) string {
	value, ok := sqlvalue.ReadLiteral(expr)
	function := facts.FunctionName(expr)
	switch {
	case ok && value.Kind != sqlvalue.NullLiteral:
		return value.String()
	case momentFunctions[function], function == "gen_random_uuid":
		return facts.CallText(function)
	}
	return ""
}
