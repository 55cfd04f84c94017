package sqlvalue

import (
	"math/big"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// Truth is SQL's, with "nobody can tell from here" in the place of NULL.
type Truth uint8

// Undecided is what calls a function, compares with another column or does
// anything else that only a server can.
const (
	Undecided Truth = iota
	True
	False
)

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

func (t Truth) not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Undecided
}

// A Subject is a value under the name that it has in a CHECK.
type Subject struct {
	name   string
	text   string
	number *big.Rat // nil when the type is no number
	exact  bool     // equal texts are equal values, others are not
}

// NewSubject makes a subject of what a column of type t gets when it is given a
// constant. Its name is the column's or, in the CHECK of a domain, "value".
func NewSubject(name string, l Literal, t Type) Subject {
	s := Subject{name: name, text: l.Text}
	switch {
	case t.Array || !l.OnlyCastTo("text", "varchar", "numeric", "int4", "int8", t.Name):
	case t.Is("int2", "int4", "int8", "numeric", "float4", "float8"):
		s.number, _ = ParseNumber(l.Text)
	case t.Is("text", "varchar") || t.Labels != nil:
		s.exact = true
	}
	return s
}

// Satisfies evaluates a CHECK for the value, as far as it compares the value or
// its length with constants: total > 0 AND total < 100, status IN ('new', 'done'),
// length(code) = 3.
func (s Subject) Satisfies(expr *pg.Node) Truth {
	if b := expr.GetBoolExpr(); b != nil {
		return s.connect(b)
	}
	if test := expr.GetNullTest(); test != nil && s.isIn(test.Arg) {
		return truthOf(test.Nulltesttype == pg.NullTestType_IS_NOT_NULL)
	}
	e := expr.GetAExpr()
	operator := operatorOf(e)
	switch e.GetKind() {
	case pg.A_Expr_Kind_AEXPR_OP:
		return s.compared(e.Lexpr, operator, e.Rexpr)
	case pg.A_Expr_Kind_AEXPR_IN:
		return s.among(e.Lexpr, operator, e.Rexpr.GetList().GetItems())
	case pg.A_Expr_Kind_AEXPR_OP_ANY, pg.A_Expr_Kind_AEXPR_OP_ALL:
		if (operator == "=") == (e.Kind == pg.A_Expr_Kind_AEXPR_OP_ANY) {
			return s.among(e.Lexpr, operator, uncast(e.Rexpr).GetAArrayExpr().GetElements())
		}
	case pg.A_Expr_Kind_AEXPR_BETWEEN:
		if bounds := e.Rexpr.GetList().GetItems(); len(bounds) == 2 {
			return conjunction(s.compared(e.Lexpr, ">=", bounds[0]), s.compared(e.Lexpr, "<=", bounds[1]))
		}
	}
	return Undecided
}

// operatorOf returns the operator of an expression; "" for one with a schema,
// OPERATOR(app.=).
func operatorOf(e *pg.A_Expr) string {
	if len(e.GetName()) != 1 {
		return ""
	}
	return e.Name[0].GetString_().GetSval()
}

func (s Subject) connect(b *pg.BoolExpr) Truth {
	var parts []Truth
	for _, arg := range b.Args {
		parts = append(parts, s.Satisfies(arg))
	}
	switch b.Boolop {
	case pg.BoolExprType_AND_EXPR:
		return conjunction(parts...)
	case pg.BoolExprType_OR_EXPR:
		for i := range parts {
			parts[i] = parts[i].not()
		}
		return conjunction(parts...).not()
	case pg.BoolExprType_NOT_EXPR:
		return conjunction(parts...).not()
	}
	return Undecided
}

// conjunction is AND.
func conjunction(parts ...Truth) Truth {
	result := True
	for _, t := range parts {
		if t == False {
			return False
		}
		if t == Undecided {
			result = Undecided
		}
	}
	return result
}

// among evaluates IN and NOT IN.
func (s Subject) among(left *pg.Node, operator string, candidates []*pg.Node) Truth {
	if len(candidates) == 0 {
		return Undecided
	}
	var differs []Truth
	for _, c := range candidates {
		differs = append(differs, s.compared(left, "<>", c))
	}
	switch operator {
	case "=":
		return conjunction(differs...).not()
	case "<>":
		return conjunction(differs...)
	}
	return Undecided
}

// compared evaluates "subject operator constant".
func (s Subject) compared(left *pg.Node, operator string, right *pg.Node) Truth {
	l, ok := ReadLiteral(right)
	if !ok || l.Kind == NullLiteral {
		return Undecided
	}
	if bound, isNumber := ParseNumber(l.Text); isNumber && s.numberOf(left) != nil {
		return compareBy(s.numberOf(left).Cmp(bound), operator)
	}
	if s.exact && s.isIn(left) && l.Kind == StringLiteral && (operator == "=" || operator == "<>") {
		return truthOf((s.text == l.Text) == (operator == "="))
	}
	return Undecided
}

// numberOf returns the subject's number, or the length of its text.
func (s Subject) numberOf(n *pg.Node) *big.Rat {
	if s.isIn(n) {
		return s.number
	}
	name, args := facts.FunctionName(n), n.GetFuncCall().GetArgs()
	if (name == "length" || name == "char_length") && len(args) == 1 && s.exact && s.isIn(args[0]) {
		return big.NewRat(int64(utf8.RuneCountInString(s.text)), 1)
	}
	return nil
}

func compareBy(order int, operator string) Truth {
	switch operator {
	case "=":
		return truthOf(order == 0)
	case "<>":
		return truthOf(order != 0)
	case "<":
		return truthOf(order < 0)
	case "<=":
		return truthOf(order <= 0)
	case ">":
		return truthOf(order > 0)
	case ">=":
		return truthOf(order >= 0)
	}
	return Undecided
}

// isIn reports whether a node is the subject, cast or not.
func (s Subject) isIn(n *pg.Node) bool {
	fields := uncast(n).GetColumnRef().GetFields()
	return len(fields) == 1 && fields[0].GetString_().GetSval() == s.name
}
