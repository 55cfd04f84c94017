package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// copiesColumn tells whether a statement puts what a column holds into another column of
// its table, in all rows that have something there: UPDATE t SET title = left(title_old, 20).
func copiesColumn(tree any, from, into string) bool {
	update, is := tree.(*pg.UpdateStmt)
	if !is || len(update.FromClause) > 0 || !everyRow(update.WhereClause) && !asksIfNull(update.WhereClause, from) {
		return false
	}
	return keptIn(update.TargetList, from, into) != ""
}

// asksIfNull tells whether a condition is column IS NOT NULL: the rows that it leaves out
// have nothing to copy.
func asksIfNull(where *pg.Node, column string) bool {
	test := where.GetNullTest()
	return test.GetNulltesttype() == pg.NullTestType_IS_NOT_NULL && facts.LastWord(test.GetArg().GetColumnRef().GetFields()) == column
}

// keptIn returns which target of an UPDATE gets the value of a column: one of the name
// into, any other than the column itself where that is "".
func keptIn(targets []*pg.Node, column, into string) string {
	for _, n := range targets {
		target := n.GetResTarget()
		if target.GetName() != column && (into == "" || target.GetName() == into) && keepsColumn(assigned(target), column) {
			return target.GetName()
		}
	}
	return ""
}

// assigned returns what a target of UPDATE gets, also of SET (a, b) = (c, d).
func assigned(target *pg.ResTarget) *pg.Node {
	several := target.GetVal().GetMultiAssignRef()
	if several == nil {
		return target.GetVal()
	}
	values := several.GetSource().GetRowExpr().GetArgs()
	if i := int(several.Colno) - 1; 0 <= i && i < len(values) {
		return values[i]
	}
	return nil
}

// keepsColumn tells whether the value of an expression comes from a column, which is more
// than to ask for it: CASE WHEN title <> ” THEN 1 END keeps nothing of the title, where
// CASE WHEN is_owner THEN 'owner' ELSE 'member' END keeps which of its values it had.
func keepsColumn(expr *pg.Node, column string) bool {
	switch n := expr.GetNode().(type) {
	case *pg.Node_ColumnRef:
		return facts.LastWord(n.ColumnRef.Fields) == column
	case *pg.Node_TypeCast:
		return keepsColumn(n.TypeCast.Arg, column)
	case *pg.Node_CollateClause:
		return keepsColumn(n.CollateClause.Arg, column)
	case *pg.Node_FuncCall:
		return oneKeeps(n.FuncCall.Args, column) && !countingFunctions[facts.FunctionName(expr)]
	case *pg.Node_CoalesceExpr:
		return oneKeeps(n.CoalesceExpr.Args, column)
	case *pg.Node_MinMaxExpr:
		return oneKeeps(n.MinMaxExpr.Args, column)
	case *pg.Node_AArrayExpr:
		return oneKeeps(n.AArrayExpr.Elements, column)
	case *pg.Node_CaseExpr:
		return keepsColumn(n.CaseExpr.Defresult, column) || oneKeeps(n.CaseExpr.Args, column) || mapsColumn(n.CaseExpr, column)
	case *pg.Node_CaseWhen:
		return keepsColumn(n.CaseWhen.Result, column)
	case *pg.Node_BoolExpr:
		return n.BoolExpr.Boolop == pg.BoolExprType_NOT_EXPR && oneKeeps(n.BoolExpr.Args, column)
	case *pg.Node_BooleanTest:
		return keepsColumn(n.BooleanTest.Arg, column)
	case *pg.Node_AIndirection:
		return keepsColumn(n.AIndirection.Arg, column)
	case *pg.Node_RowExpr:
		return oneKeeps(n.RowExpr.Args, column)
	case *pg.Node_SubLink:
		return subqueryKeeps(n.SubLink, column)
	case *pg.Node_AExpr:
		return !isTest(n.AExpr) && (keepsColumn(n.AExpr.Lexpr, column) || keepsColumn(n.AExpr.Rexpr, column))
	}
	return false
}

func oneKeeps(exprs []*pg.Node, column string) bool {
	for _, n := range exprs {
		if keepsColumn(n, column) {
			return true
		}
	}
	return false
}

// mapsColumn tells whether CASE gives values of a column another form: CASE state WHEN 1
// THEN 'open' …, CASE WHEN state = 1 THEN 'open' …, CASE WHEN is_open THEN 'open' ….
func mapsColumn(c *pg.CaseExpr, column string) bool {
	if keepsColumn(c.Arg, column) {
		return true
	}
	return slices.ContainsFunc(c.Args, func(n *pg.Node) bool { return picksValue(n.GetCaseWhen().GetExpr(), column) })
}

// mapsValues tells whether an UPDATE gives values of a column another form by CASE, which
// may leave some out.
func mapsValues(tree any, column string) bool {
	update, _ := tree.(*pg.UpdateStmt)
	return slices.ContainsFunc(update.GetTargetList(), func(n *pg.Node) bool {
		found := false
		facts.Walk(assigned(n.GetResTarget()), func(n *pg.Node) bool {
			c := n.GetCaseExpr()
			found = found || c != nil && mapsColumn(c, column)
			return !found
		})
		return found
	})
}

// picksValue tells whether a condition is true of one value of a column, or of a few.
func picksValue(condition *pg.Node, column string) bool {
	switch n := condition.GetNode().(type) {
	case *pg.Node_AExpr:
		equals := facts.LastWord(n.AExpr.Name) == "=" && (n.AExpr.Kind == pg.A_Expr_Kind_AEXPR_OP || n.AExpr.Kind == pg.A_Expr_Kind_AEXPR_IN)
		return equals && (keepsColumn(n.AExpr.Lexpr, column) || keepsColumn(n.AExpr.Rexpr, column))
	case *pg.Node_BoolExpr:
		return slices.ContainsFunc(n.BoolExpr.Args, func(n *pg.Node) bool { return picksValue(n, column) })
	}
	return keepsColumn(condition, column)
}

// subqueryKeeps tells whether a query that stands for a value returns what a column holds:
// (SELECT array_agg(tag) FROM unnest(tags) AS tag) does of tags.
func subqueryKeeps(s *pg.SubLink, column string) bool {
	if s.SubLinkType != pg.SubLinkType_EXPR_SUBLINK && s.SubLinkType != pg.SubLinkType_ARRAY_SUBLINK {
		return false
	}
	query := s.Subselect.GetSelectStmt()
	if !facts.ReturnsColumns(s.Subselect) {
		return false
	}
	for _, from := range query.GetFromClause() {
		for _, f := range from.GetRangeFunction().GetFunctions() {
			if oneKeeps(f.GetList().GetItems(), column) {
				return true
			}
		}
	}
	return slices.ContainsFunc(query.GetTargetList(), func(n *pg.Node) bool { return keepsColumn(n.GetResTarget().GetVal(), column) })
}

// countingFunctions say something of a value and keep nothing of it.
var countingFunctions = wordSet("count length char_length octet_length cardinality array_length jsonb_array_length bool_or bool_and every")

// isTest tells whether an operator answers with true or false.
func isTest(e *pg.A_Expr) bool {
	switch e.Kind {
	case pg.A_Expr_Kind_AEXPR_NULLIF:
		return false
	case pg.A_Expr_Kind_AEXPR_OP:
		return testOperators[facts.LastWord(e.Name)]
	}
	return true
}

var testOperators = wordSet("= <> < > <= >= ~ ~* !~ !~* @> <@ ? ?| ?& && @@ @?")

// columnCopiedTo returns where earlier statements of the review copied what a column
// holds, be it of all rows or of some: "tasks.heading", another table; "" for nowhere.
func columnCopiedTo(p *lint.Pass, column facts.Name) string {
	o, name := p.Object(column), column.Name
	for e := range p.Relation(column.Relation()).Before(p) {
		if !e.New {
			break
		}
		if e.Verb&facts.Renamed != 0 && e.Object.Is(o) {
			name = e.Name.Name // before that
		} else if into := columnKeptBy(e.Fact, e.Statement, name); into != "" {
			return into
		}
	}
	return copiedByCode(p, column)
}

// copiedByCode is about copies in DO blocks of the review, also in the one that drops the
// column: behind that, it could not name it.
func copiedByCode(p *lint.Pass, column facts.Name) string {
	all := lint.Remember(p, func() codeFacts { return readCodeFacts(p) })
	for _, f := range all[wholeNamed(p, column.OfTable())] {
		if f.place > p.Place() {
			break
		}
		if into := columnKeptBy(&f.Fact, f.command, column.Name); into != "" {
			return into
		}
	}
	return ""
}

// columnKeptBy returns where a statement copies what a column holds by one of its facts.
func columnKeptBy(f *facts.Fact, s *lint.Statement, column string) string {
	switch {
	case f.Verb&facts.Updated != 0:
		update, _ := f.Tree.(*pg.UpdateStmt)
		if into := keptIn(update.GetTargetList(), column, ""); into != "" {
			return f.Name.Part(facts.Column, into).String()
		}
	case f.Verb&facts.Copied != 0 && !facts.IsTemporary(copyTarget(s)) && takesColumn(f.Tree, column):
		return f.To.String()
	}
	return ""
}

// takesColumn tells whether a query returns the value of a column, or of all columns.
func takesColumn(query any, column string) bool {
	n, _ := query.(*pg.Node)
	found := false
	facts.Walk(n, func(n *pg.Node) bool {
		target := n.GetResTarget()
		found = found || keepsColumn(assigned(target), column) || isStar(target.GetVal())
		return !found && n.GetSubLink() == nil
	})
	return found
}

func isStar(n *pg.Node) bool {
	fields := n.GetColumnRef().GetFields()
	return len(fields) > 0 && fields[len(fields)-1].GetAStar() != nil
}

// copyTarget returns the table into which a statement copies rows, or values of rows.
func copyTarget(s *lint.Statement) *pg.RangeVar {
	if as := s.Node.GetCreateTableAsStmt(); as != nil {
		return as.Into.GetRel()
	}
	if update := s.Node.GetUpdateStmt(); update != nil {
		return update.Relation
	}
	if merge := s.Node.GetMergeStmt(); merge != nil {
		return merge.Relation
	}
	if into := s.Node.GetSelectStmt().GetIntoClause(); into != nil {
		return into.Rel
	}
	return s.Node.GetInsertStmt().GetRelation()
}

// takesColumns tells whether what a fact of copying holds returns anything of a column.
func takesColumns(tree any) bool {
	query, _ := tree.(*pg.Node)
	return facts.ReturnsColumns(query)
}
