package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var updateMatchesNothing = &lint.Rule{
	ID: "update-matches-nothing", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Querying,
	Title: "UPDATE asks for NULL where no row has it",
	Why: "`ADD COLUMN … DEFAULT 'a'` gives `'a'` to every row that is there. `UPDATE … SET … WHERE column IS NULL` behind it finds no row, and nothing fails: old rows keep the default, which is hardly what the `UPDATE` was written for. " +
		"It is the same with a column that is `NOT NULL`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix: "Where old rows are to have another value than new ones, set the default behind the `UPDATE`:\n\n" +
		"```sql\nALTER TABLE orders ADD COLUMN plan text;\nUPDATE orders SET plan = 'old' WHERE plan IS NULL;\nALTER TABLE orders ALTER COLUMN plan SET DEFAULT 'new';\n```\n\n" +
		"Where they are to have the same, leave the `UPDATE` out.",
	Check: func(p *lint.Pass) {
		for _, c := range rowChanges(p) {
			if c.isDelete {
				continue
			}
			for _, column := range c.columnsAskedForNull() {
				if why := whyNeverNull(p, c.table, column); why != "" {
					p.Reportf(c.table.Location, "this UPDATE does nothing: no row of %s has NULL in %s, %s", tableName(c.table), column, why)
					break
				}
			}
		}
	},
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
