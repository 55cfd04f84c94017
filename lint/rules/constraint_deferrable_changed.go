package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

var constraintDeferrableChanged = &lint.Rule{
	ID: "constraint-deferrable-changed", Group: lint.GroupCompat, Severity: lint.Notice,
	On:      facts.Changed | facts.Made,
	Remains: true,
	Title:   "A constraint is checked at another moment",
	Why: "`INITIALLY DEFERRED` moves the check to the end of the transaction: a statement that is wrong succeeds, and the `COMMIT` fails (`23503`), where code does not expect it and an ORM may not even look. `NOT DEFERRABLE` the other way makes transactions fail that put the rows in the wrong order and relied on it. " +
		"The statement locks both tables for a moment.\n\n" +
		"A unique constraint or primary key that takes the place of another and is `DEFERRABLE`, `INITIALLY IMMEDIATE` or not, no longer serves `INSERT … ON CONFLICT (columns)`, which fails with `55000`: that is a warning. Not reported where a unique index that is not deferrable stays beside it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-set-constraints.html",
	Fix: "`DEFERRABLE INITIALLY IMMEDIATE` changes nothing for code that does not ask for it with `SET CONSTRAINTS … DEFERRED`. For a unique constraint that `ON CONFLICT` names, leave `DEFERRABLE` out, or keep a unique index beside it.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if con := c.GetDef().GetConstraint(); c.Subtype == pg.AlterTableType_AT_AddConstraint && con.GetDeferrable() {
				reportNoArbiter(p, c, con)
				continue
			}
			con := c.GetDef().GetConstraint()
			if c.Subtype != pg.AlterTableType_AT_AlterConstraint || con.GetDeferrable() && !con.GetInitdeferred() || p.IsNew(c.table) || altersOtherwise(p, c) {
				continue
			}
			what := "from now on wrong rows of %s fail at each statement, also in code that put them right before COMMIT (%s); look for SET CONSTRAINTS first"
			if con.GetInitdeferred() {
				what = "from now on wrong rows of %s fail at COMMIT instead of at their statement (%s); make it INITIALLY IMMEDIATE unless all code expects that"
			}
			f := p.Reportf(c.location, what, tableName(c.table), con.GetConname())
			p.Measured(f, "%s", p.Effect())
		}
	},
}

// altersOtherwise tells whether ALTER CONSTRAINT changes something else, and leaves
// DEFERRABLE as it is.
func altersOtherwise(p *lint.Pass, c alterCommand) bool {
	con := c.GetDef().GetConstraint()
	if con.GetDeferrable() || con.GetInitdeferred() {
		return false
	}
	return slices.ContainsFunc([]newer.Kind{newer.AlterEnforced, newer.AlterNotEnforced, newer.AlterInherit}, func(k newer.Kind) bool {
		return p.Statement.IsNewer(k, c.location)
	})
}

// reportNoArbiter reports a deferrable key in the place of one that ON CONFLICT could name.
func reportNoArbiter(p *lint.Pass, c alterCommand, con *pg.Constraint) {
	if !lint.KindOf(con).IsUnique() || p.IsNew(c.table) {
		return
	}
	columns := facts.Words(con.Keys)
	if con.Indexname != "" {
		columns = indexNamed(p, c.table, con.Indexname)
	}
	if len(columns) == 0 || !wasUnique(p, c.table, columns) || keepsArbiter(p.TableFinal(c.table), lastNames(p, c.table, columns)) {
		return
	}
	f := p.Reportf(c.location, "INSERT … ON CONFLICT (%s) into %s fails from now on (55000), since no deferrable constraint serves it; leave DEFERRABLE out, or keep a unique index beside it", writtenColumns(columns), tableName(c.table))
	f.Severity = lint.Warning
	p.Measured(f, "%s", p.Effect())
}

// indexNamed returns the columns of an index of a table; nil when nobody knows.
func indexNamed(p *lint.Pass, table *pg.RangeVar, name string) []string {
	if ix := p.Table(table).Index(name); ix != nil {
		return ix.Columns
	}
	return nil
}

// wasUnique tells whether a constraint or index, from before the review or not, kept
// columns unique at once.
func wasUnique(p *lint.Pass, table *pg.RangeVar, columns []string) bool {
	if keepsArbiter(p.Table(table), columns) {
		return true
	}
	for e := range p.Relation(table).Before(p) {
		switch tree := e.Tree.(type) {
		case *facts.TableConstraint:
			if e.Verb&facts.Made != 0 && e.Name.Kind == facts.Constraint && !e.New && !tree.Deferrable && lint.KindOf(tree.Constraint).IsUnique() && sameColumns(tree.Columns, columns) {
				return true
			}
		case *pg.IndexStmt:
			if !e.New && tree.Unique && tree.WhereClause == nil && sameColumns(indexColumns(tree), columns) {
				return true
			}
		}
	}
	return false
}

// keepsArbiter tells whether a table has a unique index over columns that checks at
// once, as ON CONFLICT needs it; true of a table that nobody knows.
func keepsArbiter(t *lint.Table, columns []string) bool {
	return t == nil || slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		c := t.Constraint(ix.Name)
		return ix.Unique && !ix.Partial && sameColumns(ix.Columns, columns) && (c == nil || !c.IsDeferrable())
	})
}
