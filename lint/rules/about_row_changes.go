package rules

import (
	"regexp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// everyRow tells whether a condition leaves out no row: there is none, or it is
// true whatever the row (WHERE true, 1 = 1).
func everyRow(where *pg.Node) bool {
	if where == nil {
		return true
	}
	if l, ok := sqlvalue.ReadLiteral(where); ok {
		return l.Text == "true" || l.Text == "t"
	}
	if b := where.GetBoolExpr(); b != nil {
		return everyRowOf(b)
	}
	e := where.GetAExpr()
	left, isConstant := sqlvalue.ReadLiteral(e.GetLexpr())
	right, alsoConstant := sqlvalue.ReadLiteral(e.GetRexpr())
	if e.GetKind() != pg.A_Expr_Kind_AEXPR_OP || !isConstant || !alsoConstant || left.Kind == sqlvalue.NullLiteral || left.Kind != right.Kind {
		return false
	}
	return (left.Text == right.Text) == (facts.LastWord(e.Name) == "=")
}

func everyRowOf(b *pg.BoolExpr) bool {
	switch b.Boolop {
	case pg.BoolExprType_AND_EXPR:
		return !slices.ContainsFunc(b.Args, func(n *pg.Node) bool { return !everyRow(n) })
	case pg.BoolExprType_OR_EXPR:
		return slices.ContainsFunc(b.Args, everyRow)
	}
	return false
}

// A rowChange is an UPDATE or DELETE, which can stand inside another statement:
// WITH gone AS (DELETE FROM …).
type rowChange struct {
	table    *pg.RangeVar
	where    *pg.Node
	joined   bool     // FROM or USING
	renewed  bool     // all rows, joined with what is computed of themselves
	columns  []string // that UPDATE sets
	isDelete bool

	picked []*pg.SelectStmt // queries of the table itself that it is joined with
}

// all tells whether it leaves out no row.
func (c rowChange) all() bool { return !c.joined && everyRow(c.where) }

// rowChanges returns what a statement changes in tables that existed before the
// migrations under review.
func rowChanges(p *lint.Pass) []rowChange {
	return slices.DeleteFunc(rowChangesIn(p.Node()), func(c rowChange) bool { return p.IsNew(c.table) || isTemporaryHere(p, c.table) })
}

// rowChangesIn returns what the text of a query changes: itself, and what its WITH
// lists. PostgreSQL takes such a query nowhere else.
// https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING
func rowChangesIn(query *pg.Node) []rowChange {
	if !facts.IsQuery(query) {
		return nil
	}
	moves := query.GetInsertStmt() != nil // WITH moved AS (DELETE … RETURNING …) INSERT …
	found := appendRowChange(nil, query, moves)
	for _, n := range []*pg.Node{query, query.GetInsertStmt().GetSelectStmt()} {
		for _, cte := range withClause(n).GetCtes() {
			found = appendRowChange(found, cte.GetCommonTableExpr().GetCtequery(), moves)
		}
	}
	return found
}

func appendRowChange(found []rowChange, query *pg.Node, moves bool) []rowChange {
	switch n := query.GetNode().(type) {
	case *pg.Node_UpdateStmt:
		u := n.UpdateStmt
		c := rowChange{table: u.Relation, where: u.WhereClause, joined: len(u.FromClause) > 0, columns: targetColumns(u.TargetList), picked: queriesOfItself(u)}
		if joinsItself(u) {
			c.where, c.joined, c.renewed = nil, false, true
		}
		return append(found, c)
	case *pg.Node_DeleteStmt:
		d := n.DeleteStmt
		if moves && len(d.ReturningList) > 0 {
			return found
		}
		return append(found, rowChange{table: d.Relation, where: d.WhereClause, joined: len(d.UsingClause) > 0, isDelete: true})
	}
	return found
}

// joinsItself tells whether an UPDATE joins its table with all rows of the same by a column of
// one name, which leaves out none: WITH numbered AS (SELECT id, row_number() OVER () FROM
// items) UPDATE items i SET … FROM numbered n WHERE i.id = n.id.
func joinsItself(u *pg.UpdateStmt) bool {
	e := u.WhereClause.GetAExpr()
	left, right := e.GetLexpr().GetColumnRef().GetFields(), e.GetRexpr().GetColumnRef().GetFields()
	if len(u.FromClause) != 1 || e.GetKind() != pg.A_Expr_Kind_AEXPR_OP || facts.LastWord(e.GetName()) != "=" || len(left) != 2 || len(right) != 2 || facts.LastWord(left) != facts.LastWord(right) {
		return false
	}
	from := u.FromClause[0]
	for _, n := range u.WithClause.GetCtes() {
		if cte := n.GetCommonTableExpr(); cte.Ctename == from.GetRangeVar().GetRelname() {
			return takesAllOf(cte.Ctequery, u.Relation)
		}
	}
	if query := from.GetRangeSubselect().GetSubquery(); query != nil {
		return takesAllOf(query, u.Relation)
	}
	return from.GetRangeVar() != nil && facts.SameRelation(from.GetRangeVar(), u.Relation)
}

// takesAllOf tells whether a query returns a row for each of a table.
func takesAllOf(query *pg.Node, table *pg.RangeVar) bool {
	s := query.GetSelectStmt()
	if s == nil || len(s.FromClause) != 1 || s.WhereClause != nil || s.LimitCount != nil || len(s.GroupClause) > 0 || len(s.DistinctClause) > 0 {
		return false
	}
	from := s.FromClause[0].GetRangeVar()
	return from != nil && facts.SameRelation(from, table)
}

// queriesOfItself returns the queries of its own table alone that an UPDATE is joined with:
// WITH due AS (SELECT id FROM orders WHERE …) UPDATE orders … FROM due WHERE due.id = orders.id.
func queriesOfItself(u *pg.UpdateStmt) (found []*pg.SelectStmt) {
	listed := map[string]*pg.Node{}
	for _, n := range u.GetWithClause().GetCtes() {
		listed[n.GetCommonTableExpr().GetCtename()] = n.GetCommonTableExpr().GetCtequery()
	}
	for _, n := range u.FromClause {
		query := n.GetRangeSubselect().GetSubquery()
		if r := n.GetRangeVar(); r != nil && r.Schemaname == "" {
			query = listed[r.Relname]
		}
		s := query.GetSelectStmt()
		if from := s.GetFromClause(); len(from) == 1 && from[0].GetRangeVar() != nil && facts.SameRelation(from[0].GetRangeVar(), u.Relation) {
			found = append(found, s)
		}
	}
	return found
}

func withClause(query *pg.Node) *pg.WithClause {
	switch n := query.GetNode().(type) {
	case *pg.Node_SelectStmt:
		return n.SelectStmt.WithClause
	case *pg.Node_InsertStmt:
		return n.InsertStmt.WithClause
	case *pg.Node_UpdateStmt:
		return n.UpdateStmt.WithClause
	case *pg.Node_DeleteStmt:
		return n.DeleteStmt.WithClause
	case *pg.Node_MergeStmt:
		return n.MergeStmt.WithClause
	}
	return nil
}

// targetColumns returns the columns that INSERT fills or UPDATE sets.
func targetColumns(list []*pg.Node) []string {
	var names []string
	for _, n := range list {
		names = append(names, n.GetResTarget().GetName())
	}
	return names
}

// fillsNewColumns tells whether an UPDATE sets only columns that the migrations
// under review added, so that it takes no value away.
func (c rowChange) fillsNewColumns(p *lint.Pass) bool {
	return len(c.columns) > 0 && !slices.ContainsFunc(c.columns, func(name string) bool {
		return !isNewObject(p, facts.PartOf(facts.Column, c.table, name))
	})
}

// asksForNull tells whether the condition asks for NULL in a column that is set.
func (c rowChange) asksForNull() bool {
	found := false
	facts.Walk(c.where, func(n *pg.Node) bool {
		test := n.GetNullTest()
		if test.GetNulltesttype() == pg.NullTestType_IS_NULL {
			found = found || c.sets(test.GetArg().GetColumnRef())
		}
		return !found
	})
	return found
}

// sets tells whether the UPDATE sets a column.
func (c rowChange) sets(column *pg.ColumnRef) bool {
	return slices.Contains(c.columns, facts.LastWord(column.GetFields()))
}

// bounded tells whether a condition picks a part of the table by its key: a
// range, a list, or a subquery with LIMIT, as batches do.
func (c rowChange) bounded(p *lint.Pass) bool {
	found := slices.ContainsFunc(c.picked, func(s *pg.SelectStmt) bool { return s.LimitCount != nil })
	facts.Walk(c.where, func(n *pg.Node) bool {
		found = found || n.GetSelectStmt().GetLimitCount() != nil || n.GetCurrentOfExpr() != nil || c.comparesKey(p, n.GetAExpr())
		return !found
	})
	return found
}

func (c rowChange) comparesKey(p *lint.Pass, e *pg.A_Expr) bool {
	fields := facts.Words(e.GetLexpr().GetColumnRef().GetFields())
	if len(fields) == 0 || !c.isKey(p, fields[len(fields)-1]) {
		return false
	}
	switch e.Kind {
	case pg.A_Expr_Kind_AEXPR_IN, pg.A_Expr_Kind_AEXPR_BETWEEN, pg.A_Expr_Kind_AEXPR_OP_ANY:
		return true
	}
	_, isConstant := sqlvalue.ReadLiteral(e.Rexpr)
	return isConstant && strings.ContainsAny(facts.LastWord(e.Name), "<>=") && facts.LastWord(e.Name) != "<>"
}

// namesKey matches the usual names of keys: id, user_id, userId.
var namesKey = regexp.MustCompile(`(?i:^id$|_id$)|[a-z]Id$`)

func (c rowChange) isKey(p *lint.Pass, column string) bool {
	t := p.Table(c.table)
	if t != nil && slices.ContainsFunc(t.Constraints, func(con lint.Constraint) bool {
		return con.Kind.IsUnique() && slices.Contains(con.Columns, column)
	}) {
		return true
	}
	return (t == nil || t.Folded) && namesKey.MatchString(column)
}

// trialRows says how many rows of the trial a statement is about.
func trialRows(p *lint.Pass, table *pg.RangeVar) string {
	t := p.Catalog(table)
	if t == nil || t.Rows == 0 {
		return ""
	}
	return " (" + noun.Count(t.Rows, "row") + " in the trial)"
}

// picksOne tells whether a condition is "id = constant".
func picksOne(where *pg.Node) bool {
	e := where.GetAExpr()
	if e.GetKind() != pg.A_Expr_Kind_AEXPR_OP || facts.LastWord(e.GetName()) != "=" {
		return false
	}
	return strings.EqualFold(facts.LastWord(e.Lexpr.GetColumnRef().GetFields()), "id") && (e.Rexpr.GetAConst() != nil || e.Rexpr.GetTypeCast() != nil)
}

// picksFew tells whether a condition asks for rows by a column that is unique: email =
// 'ann@example.org', code IN ('a', 'b').
func picksFew(p *lint.Pass, table *pg.RangeVar, where *pg.Node) bool {
	e := where.GetAExpr()
	isOne := e.GetKind() == pg.A_Expr_Kind_AEXPR_OP || e.GetKind() == pg.A_Expr_Kind_AEXPR_IN
	if !isOne || facts.LastWord(e.GetName()) != "=" {
		return false
	}
	values := e.Rexpr.GetList().GetItems()
	if e.Kind == pg.A_Expr_Kind_AEXPR_OP {
		values = []*pg.Node{e.Rexpr}
	}
	isVariable := func(n *pg.Node) bool { _, isConstant := sqlvalue.ReadLiteral(n); return !isConstant }
	return isKeptUnique(p.Table(table), facts.LastWord(e.Lexpr.GetColumnRef().GetFields())) && !slices.ContainsFunc(values, isVariable)
}

// isKeptUnique tells whether a unique index or constraint that is known is over a column
// alone.
func isKeptUnique(t *lint.Table, column string) bool {
	alone := []string{column}
	return t != nil && slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool { return ix.Unique && !ix.Partial && slices.Equal(ix.Columns, alone) })
}

// updatesAllRows tells whether an UPDATE writes old columns of every row.
func updatesAllRows(p *lint.Pass, c rowChange) bool {
	return !c.isDelete && (c.all() || c.allHold(p)) && !c.fillsNewColumns(p)
}
