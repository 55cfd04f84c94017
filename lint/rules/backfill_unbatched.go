package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var backfillUnbatched = &lint.Rule{
	ID: "backfill-unbatched", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Querying | facts.Ran,
	Title: "A column is filled, or gets one value, for the whole table in one statement",
	Why: "Every row it writes stays locked until the transaction ends, so that code which changes one of them waits; the old versions of all rows stay on the disk until vacuum has been there; replicas and vacuum wait for one long transaction. With a few thousand rows nobody notices, with millions it is an outage.\n\n" +
		"Batches in a loop of one `DO` block or function are no better, unless it commits each.\n\n" +
		"A fill while the table is locked by the same transaction is `lock-held-during-work`, and one that overwrites values `update-without-where`.\n\n" +
		"https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY",
	Fix: "Fill it in batches that commit on their own, from a script or a job, and repeat until no row is left:\n\n" +
		"```sql\nUPDATE orders SET state = 'open'\nWHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 10000);\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		if len(p.Held()) > 0 {
			return
		}
		told := map[string]bool{}
		for c := range commandsOf(p) {
			for _, s := range c.Statements {
				for _, change := range readRowChanges(p, s) {
					label := columnsOf(tableName(change.table), change.columns)
					what, way := "filling", change.fillsAtOnce(p, c)
					if way == "" && change.isOfUse(p, c) && change.overwritesOthers(p, s) {
						what, way = "overwriting", inOneStatement
					}
					if way != "" && !told[label] {
						told[label] = true
						p.Reportf(c.placeOf(s, change.table), "%s %s %s", what, label, way)
					}
				}
			}
		}
	},
}

// fillsAtOnce says how an UPDATE fills columns of a table in use in one transaction, and the
// way out; "" for what does not, or runs only perhaps.
func (c rowChange) fillsAtOnce(p *lint.Pass, in codeCommand) string {
	if !c.isOfUse(p, in) {
		return ""
	}
	if in.Repeated && (c.fillsNewColumns(p) || c.asksForNull()) {
		return "in a loop keeps all its rows locked until the transaction ends; let each batch commit, from a script or a job"
	}
	if !c.fills(p) || c.bounded(p) {
		return ""
	}
	return inOneStatement
}

const inOneStatement = "in one statement keeps all its rows locked until the transaction ends; do it in batches that commit on their own"

// isOfUse tells whether an UPDATE is of rows that others may want, and does not run only
// perhaps.
func (c rowChange) isOfUse(p *lint.Pass, in codeCommand) bool {
	return !c.isDelete && (in.routine == "" || in.Always || c.wasSeen(p)) && !updatesAllRows(p, c) && !p.IsNew(c.table) && !isTemporaryHere(p, c.table) && !picksOne(c.where)
}

// overwritesOthers tells whether an UPDATE gives a column one value in all rows that have
// another: SET state = 'open' WHERE state <> 'open', SET active = false WHERE active.
func (c rowChange) overwritesOthers(p *lint.Pass, s *lint.Statement) bool {
	if c.joined || c.where == nil || c.bounded(p) {
		return false
	}
	values := map[string]sqlvalue.Literal{}
	for _, n := range queryIn(p, s.Node).GetUpdateStmt().GetTargetList() {
		if l, isConstant := sqlvalue.ReadLiteral(n.GetResTarget().GetVal()); isConstant && l.Kind != sqlvalue.NullLiteral {
			values[n.GetResTarget().GetName()] = l
		}
	}
	return asksForOthers(c.where, values)
}

// asksForOthers tells whether a condition asks for nothing but other values than some columns
// are to have.
func asksForOthers(where *pg.Node, values map[string]sqlvalue.Literal) bool {
	if b := where.GetBoolExpr(); b != nil && b.Boolop != pg.BoolExprType_NOT_EXPR {
		return !slices.ContainsFunc(b.Args, func(n *pg.Node) bool { return !asksForOthers(n, values) && !asksForNullIn(n, values) })
	}
	for name, value := range values {
		if asksForOther(where, name, value) {
			return true
		}
	}
	return false
}

// asksForOther matches state <> 'open' of a column that is to be 'open', and NOT active of one
// that is to be true.
func asksForOther(where *pg.Node, column string, value sqlvalue.Literal) bool {
	h := heldValue{column: column, literal: value}
	if value.Kind == sqlvalue.BooleanLiteral {
		h.typ = sqlvalue.ParseType("bool")
		return h.satisfies(where) == sqlvalue.False
	}
	e := where.GetAExpr()
	differs := e.GetKind() == pg.A_Expr_Kind_AEXPR_DISTINCT || facts.LastWord(e.GetName()) == "<>"
	other, isConstant := sqlvalue.ReadLiteral(e.GetRexpr())
	return e != nil && differs && h.isIn(e.Lexpr) && isConstant && other.Text == value.Text
}

// asksForNullIn matches column IS NULL.
func asksForNullIn(n *pg.Node, values map[string]sqlvalue.Literal) bool {
	test := n.GetNullTest()
	_, isSet := values[facts.LastWord(test.GetArg().GetColumnRef().GetFields())]
	return isSet && test.Nulltesttype == pg.NullTestType_IS_NULL
}

// wasSeen tells whether a server saw rows of the table updated.
func (c rowChange) wasSeen(p *lint.Pass) bool {
	return slices.ContainsFunc(p.Effect().Wrote, func(w lint.RowsWritten) bool { return w.Table == catalogName(p, c.table) && w.Updated > 0 })
}

// fills tells whether an UPDATE gives a value to columns that had none, in all rows that
// lack it: the columns are new, or the condition asks for NULL, and it asks for nothing
// else by which a part of the table is chosen, as WHERE state IS NULL AND city = 'Graz' is.
func (c rowChange) fills(p *lint.Pass) bool {
	conditions := []*pg.Node{c.where}
	for _, s := range c.picked {
		conditions = append(conditions, s.WhereClause)
	}
	if slices.ContainsFunc(conditions, c.choosesByOthers) || slices.ContainsFunc(conditions, c.asksForValue) {
		return false
	}
	return c.fillsNewColumns(p) || c.asksForNull()
}

// asksForValue tells whether a condition leaves out the rows that have nothing in a column
// that is set: what it changes is there already.
func (c rowChange) asksForValue(where *pg.Node) bool {
	return slices.ContainsFunc(conjuncts(where), func(n *pg.Node) bool {
		test := n.GetNullTest()
		return test.GetNulltesttype() == pg.NullTestType_IS_NOT_NULL && c.sets(test.GetArg().GetColumnRef())
	})
}

// choosesByOthers tells whether a condition leaves out rows by columns that the UPDATE does
// not fill. That another is not NULL, or is that of a joined table, leaves out what has
// nothing to fill in.
func (c rowChange) choosesByOthers(where *pg.Node) bool {
	if b := where.GetBoolExpr(); b.GetBoolop() == pg.BoolExprType_OR_EXPR {
		return !slices.ContainsFunc(b.Args, func(n *pg.Node) bool { return !c.choosesByOthers(n) })
	} else if b != nil {
		return slices.ContainsFunc(b.Args, c.choosesByOthers)
	}
	if where.GetNullTest().GetNulltesttype() == pg.NullTestType_IS_NOT_NULL || c.joined && comparesColumns(where) {
		return false
	}
	chooses := false
	facts.Walk(where, func(n *pg.Node) bool {
		column := n.GetColumnRef()
		chooses = chooses || column != nil && !c.sets(column)
		return !chooses
	})
	return chooses
}

// comparesColumns tells whether a condition is an equality of two columns.
func comparesColumns(where *pg.Node) bool {
	e := where.GetAExpr()
	return e.GetKind() == pg.A_Expr_Kind_AEXPR_OP && facts.LastWord(e.GetName()) == "=" && e.Lexpr.GetColumnRef() != nil && e.Rexpr.GetColumnRef() != nil
}
