package rules

import (
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
// than to ask for it: CASE WHEN title <> ” THEN 1 END keeps nothing of the title.
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
		return keepsColumn(n.CaseExpr.Defresult, column) || oneKeeps(n.CaseExpr.Args, column)
	case *pg.Node_CaseWhen:
		return keepsColumn(n.CaseWhen.Result, column)
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
		switch {
		case !e.New:
			return ""
		case e.Verb&facts.Renamed != 0 && e.Object.Is(o):
			name = e.Name.Name // before that
		case e.Verb&facts.Updated != 0:
			update, _ := e.Tree.(*pg.UpdateStmt)
			if into := keptIn(update.GetTargetList(), name, ""); into != "" {
				return e.Name.Part(facts.Column, into).String()
			}
		case e.Verb&facts.Copied != 0 && !facts.IsTemporary(copyTarget(e.Statement)) && takesColumn(e.Tree, name):
			return e.To.String()
		}
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
	return s.Node.GetInsertStmt().GetRelation()
}
