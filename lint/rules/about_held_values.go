package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A heldValue is what every row of a table holds in a column that the review added, while
// nothing has written rows since: its constant default, or NULL.
type heldValue struct {
	column  string
	literal sqlvalue.Literal // of kind NullLiteral where there is no default
	typ     sqlvalue.Type
}

// heldValues returns those of the columns that a condition names.
func heldValues(p *lint.Pass, table *pg.RangeVar, where *pg.Node) (held []heldValue) {
	for _, name := range columnsNamedIn(where) {
		if h, known := heldByAll(p, table, name); known {
			held = append(held, h)
		}
	}
	return held
}

func columnsNamedIn(where *pg.Node) (names []string) {
	facts.Walk(where, func(n *pg.Node) bool {
		if fields := n.GetColumnRef().GetFields(); len(fields) == 1 && !slices.Contains(names, facts.LastWord(fields)) {
			names = append(names, facts.LastWord(fields))
		}
		return n.GetSubLink() == nil
	})
	return names
}

func heldByAll(p *lint.Pass, table *pg.RangeVar, name string) (h heldValue, known bool) {
	o := p.Object(facts.PartOf(facts.Column, table, name))
	made := o.Made()
	if made == nil || !o.IsNew(p) || made.Maybe || p.IsNew(table) {
		return h, false
	}
	def, _ := made.Tree.(*pg.ColumnDef)
	h = heldValue{column: name, typ: typeOf(p, column{table: table, name: name, def: def})}
	if def == nil || h.typ.Domain != nil || !facts.IsCommonType(facts.LastWord(def.TypeName.GetNames())) || fillsItself(def) {
		return h, false
	}
	h.literal = sqlvalue.Literal{Kind: sqlvalue.NullLiteral}
	if expr := facts.ColumnConstraint(def, pg.ConstrType_CONSTR_DEFAULT).GetRawExpr(); expr != nil {
		var isConstant bool
		if h.literal, isConstant = sqlvalue.ReadLiteral(expr); !isConstant {
			return h, false
		}
	}
	return h, !isWrittenSince(p, table, o, made)
}

// fillsItself tells whether a column gets values of its own without a default.
func fillsItself(def *pg.ColumnDef) bool {
	return strings.Contains(facts.LastWord(def.TypeName.GetNames()), "serial") ||
		facts.ColumnConstraint(def, pg.ConstrType_CONSTR_IDENTITY) != nil || facts.ColumnConstraint(def, pg.ConstrType_CONSTR_GENERATED) != nil
}

// isWrittenSince tells whether rows may have got another value behind the statement that
// added a column: by a statement about the table, by one that changes the column, or by code.
func isWrittenSince(p *lint.Pass, table *pg.RangeVar, column *lint.Object, made *lint.Event) bool {
	for e := range p.Relation(table).Before(p) {
		update, isUpdate := e.Tree.(*pg.UpdateStmt)
		if e.IsBehind(made) && e.Verb&(facts.Filled|facts.Updated|facts.Attached) != 0 && !(isUpdate && !slices.Contains(targetColumns(update.TargetList), made.Name.Name)) {
			return true
		}
	}
	for e := range column.Before(p) {
		if e.IsBehind(made) && e.Verb&facts.Changed != 0 {
			return true
		}
	}
	return runsCodeAbove(p)
}

// runsCodeAbove tells whether the review ran code before the statement that nobody has read
// here: it may have written any row.
func runsCodeAbove(p *lint.Pass) bool {
	first := lint.Remember(p, func() firstCode { return firstCode(readFirstCode(p)) })
	return first > 0 && int(first) < p.Place()
}

// firstCode is the place of the first statement of the review that runs code; 0 for none.
type firstCode int

func readFirstCode(p *lint.Pass) int {
	reviewed := map[*lint.Statement]bool{}
	for _, m := range p.History.New {
		for _, s := range m.Statements() {
			reviewed[s] = true
		}
	}
	for place, s := range p.Statements() {
		if reviewed[s] && mayRunCode(s) {
			return place
		}
	}
	return 0
}

func mayRunCode(s *lint.Statement) bool {
	if s.Node == nil || facts.Verbs(s.Facts())&facts.Ran != 0 || s.Node.GetExecuteStmt() != nil {
		return true
	}
	if !runsCalls(s) {
		return false
	}
	for name := range callsIn(s) {
		if !facts.IsCommonFunction(name) {
			return true
		}
	}
	return false
}

// satisfies says what a condition is for a row that holds the value; NULL counts as False.
func (h heldValue) satisfies(expr *pg.Node) sqlvalue.Truth {
	if b := expr.GetBoolExpr(); b.GetBoolop() == pg.BoolExprType_NOT_EXPR && len(b.GetArgs()) == 1 && h.isIn(b.Args[0]) {
		return h.isBoolean(false)
	}
	if h.isIn(expr) {
		return h.isBoolean(true)
	}
	if test := expr.GetBooleanTest(); test != nil && h.isIn(test.Arg) {
		return h.passes(test.Booltesttype)
	}
	if e := expr.GetAExpr(); e.GetKind() == pg.A_Expr_Kind_AEXPR_OP && h.isIn(e.Lexpr) && h.typ.Is("bool") {
		value, isConstant := sqlvalue.ReadLiteral(e.Rexpr)
		wanted, isBoolean := booleanOf(value)
		if operator := facts.LastWord(e.Name); isConstant && isBoolean && (operator == "=" || operator == "<>") {
			return h.isBoolean(wanted == (operator == "="))
		}
	}
	if h.literal.Kind == sqlvalue.NullLiteral {
		return h.nullSatisfies(expr)
	}
	return sqlvalue.NewSubject(h.column, h.literal, h.typ).Satisfies(expr)
}

// isBoolean compares what a boolean column holds.
func (h heldValue) isBoolean(wanted bool) sqlvalue.Truth {
	value, known := booleanOf(h.literal)
	switch {
	case h.literal.Kind == sqlvalue.NullLiteral:
		return sqlvalue.False
	case !known || !h.typ.Is("bool"):
		return sqlvalue.Undecided
	case value == wanted:
		return sqlvalue.True
	}
	return sqlvalue.False
}

// passes evaluates flag IS NOT TRUE and its kind.
func (h heldValue) passes(test pg.BoolTestType) sqlvalue.Truth {
	value, known := booleanOf(h.literal)
	isNull := h.literal.Kind == sqlvalue.NullLiteral
	if !isNull && !known {
		return sqlvalue.Undecided
	}
	holds := map[pg.BoolTestType]bool{
		pg.BoolTestType_IS_TRUE: !isNull && value, pg.BoolTestType_IS_NOT_TRUE: isNull || !value,
		pg.BoolTestType_IS_FALSE: !isNull && !value, pg.BoolTestType_IS_NOT_FALSE: isNull || value,
		pg.BoolTestType_IS_UNKNOWN: isNull, pg.BoolTestType_IS_NOT_UNKNOWN: !isNull,
	}
	if holds[test] {
		return sqlvalue.True
	}
	return sqlvalue.False
}

// strictKinds are comparisons that are NULL, and so not true, where one side is.
var strictKinds = map[pg.A_Expr_Kind]bool{
	pg.A_Expr_Kind_AEXPR_OP: true, pg.A_Expr_Kind_AEXPR_IN: true, pg.A_Expr_Kind_AEXPR_LIKE: true, pg.A_Expr_Kind_AEXPR_ILIKE: true,
	pg.A_Expr_Kind_AEXPR_BETWEEN: true, pg.A_Expr_Kind_AEXPR_OP_ANY: true,
}

// nullSatisfies evaluates a condition for NULL. Operators of one's own need not be strict,
// those here are PostgreSQL's.
func (h heldValue) nullSatisfies(expr *pg.Node) sqlvalue.Truth {
	if test := expr.GetNullTest(); test != nil && h.isIn(test.Arg) {
		return truthOf(test.Nulltesttype == pg.NullTestType_IS_NULL)
	}
	e := expr.GetAExpr()
	if e != nil && strictKinds[e.Kind] && len(e.Name) == 1 && (h.isIn(e.Lexpr) || e.Kind == pg.A_Expr_Kind_AEXPR_OP && h.isIn(e.Rexpr)) {
		return sqlvalue.False
	}
	return sqlvalue.Undecided
}

func truthOf(b bool) sqlvalue.Truth {
	if b {
		return sqlvalue.True
	}
	return sqlvalue.False
}

func (h heldValue) isIn(n *pg.Node) bool {
	fields := n.GetColumnRef().GetFields()
	return len(fields) == 1 && facts.LastWord(fields) == h.column
}

func booleanOf(l sqlvalue.Literal) (value, known bool) {
	switch strings.ToLower(l.Text) {
	case "true", "t":
		return true, true
	case "false", "f":
		return false, true
	}
	return false, false
}

func (h heldValue) String() string {
	if h.literal.Kind == sqlvalue.NullLiteral {
		return "NULL"
	}
	return h.literal.String()
}

// allHold tells whether every row meets a condition for what the review has put into new
// columns: WHERE archived IS NULL behind ADD COLUMN archived boolean.
func (c rowChange) allHold(p *lint.Pass) bool {
	if c.joined || c.where == nil {
		return false
	}
	held := heldValues(p, c.table, c.where)
	return len(held) > 0 && !slices.ContainsFunc(conjuncts(c.where), func(n *pg.Node) bool {
		return !everyRow(n) && !slices.ContainsFunc(held, func(h heldValue) bool { return h.satisfies(n) == sqlvalue.True })
	})
}

// heldByNone returns what a condition asks for in vain.
func (c rowChange) heldByNone(p *lint.Pass) (h heldValue, found bool) {
	if c.joined || c.where == nil {
		return h, false
	}
	held := heldValues(p, c.table, c.where)
	for _, n := range conjuncts(c.where) {
		for _, h := range held {
			if h.satisfies(n) == sqlvalue.False {
				return h, true
			}
		}
	}
	return h, false
}
