package rules

import (
	"math/big"
	"strings"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// truth is SQL's, with "nobody can tell from here" in the place of NULL.
type truth uint8

const (
	maybe truth = iota
	yes
	no
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth {
	switch t {
	case yes:
		return no
	case no:
		return yes
	}
	return maybe
}

// A subject is a value that stands in a CHECK under a name: the column's, or
// VALUE in a domain.
type subject struct {
	name   string
	text   string
	number *big.Rat // nil when the type is no number
	exact  bool     // equal texts are equal values, others are not
}

func subjectOf(name string, d constantDefault) subject {
	s := subject{name: name, text: d.text}
	switch {
	case d.typ.array || !d.onlyCastTo("text", "varchar", "numeric", "int4", "int8", d.typ.name):
	case d.typ.is("int2", "int4", "int8", "numeric", "float4", "float8"):
		s.number, _ = decimal(d.text)
	case d.typ.is("text", "varchar") || d.typ.labels != nil:
		s.exact = true
	}
	return s
}

// satisfies evaluates a CHECK for one value, as far as it compares the value
// with constants.
func (s subject) satisfies(expr *pg.Node) truth {
	if b := expr.GetBoolExpr(); b != nil {
		return s.connect(b)
	}
	if test := expr.GetNullTest(); test != nil && s.isIn(test.Arg) {
		return truthOf(test.Nulltesttype == pg.NullTestType_IS_NOT_NULL)
	}
	e := expr.GetAExpr()
	operator := strings.Join(words(e.GetName()), ".")
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
			return all(s.compared(e.Lexpr, ">=", bounds[0]), s.compared(e.Lexpr, "<=", bounds[1]))
		}
	}
	return maybe
}

func (s subject) connect(b *pg.BoolExpr) truth {
	var parts []truth
	for _, arg := range b.Args {
		parts = append(parts, s.satisfies(arg))
	}
	switch b.Boolop {
	case pg.BoolExprType_AND_EXPR:
		return all(parts...)
	case pg.BoolExprType_OR_EXPR:
		for i := range parts {
			parts[i] = parts[i].not()
		}
		return all(parts...).not()
	case pg.BoolExprType_NOT_EXPR:
		return all(parts...).not()
	}
	return maybe
}

// all is AND.
func all(parts ...truth) truth {
	result := yes
	for _, t := range parts {
		if t == no {
			return no
		}
		if t == maybe {
			result = maybe
		}
	}
	return result
}

// among evaluates IN and NOT IN.
func (s subject) among(left *pg.Node, operator string, candidates []*pg.Node) truth {
	if len(candidates) == 0 {
		return maybe
	}
	var differs []truth
	for _, c := range candidates {
		differs = append(differs, s.compared(left, "<>", c))
	}
	switch operator {
	case "=":
		return all(differs...).not()
	case "<>":
		return all(differs...)
	}
	return maybe
}

// compared evaluates "subject operator constant".
func (s subject) compared(left *pg.Node, operator string, right *pg.Node) truth {
	l, ok := constant(right)
	if !ok || l.kind == nullLiteral {
		return maybe
	}
	if bound, isNumber := decimal(l.text); isNumber && s.numberOf(left) != nil {
		return compareBy(s.numberOf(left).Cmp(bound), operator)
	}
	if s.exact && s.isIn(left) && l.kind == stringLiteral && (operator == "=" || operator == "<>") {
		return truthOf((s.text == l.text) == (operator == "="))
	}
	return maybe
}

// numberOf returns the subject's number, or the length of its text.
func (s subject) numberOf(n *pg.Node) *big.Rat {
	if s.isIn(n) {
		return s.number
	}
	name, args := facts.FunctionName(n), n.GetFuncCall().GetArgs()
	if (name == "length" || name == "char_length") && len(args) == 1 && s.exact && s.isIn(args[0]) {
		return big.NewRat(int64(utf8.RuneCountInString(s.text)), 1)
	}
	return nil
}

func compareBy(order int, operator string) truth {
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
	return maybe
}

// isIn tells whether a node is the subject, cast or not.
func (s subject) isIn(n *pg.Node) bool {
	fields := words(uncast(n).GetColumnRef().GetFields())
	return len(fields) == 1 && fields[0] == s.name
}

func uncast(n *pg.Node) *pg.Node {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	return n
}

// checksOn returns the CHECK expressions of the table that can concern a
// column: from the catalog if it is known, else those of the statement.
func checksOn(p *lint.Pass, c column) []*pg.Node {
	t := p.After(c.table)
	if t == nil && c.form == columnDefaulted {
		t = p.Table(c.table)
	}
	if t != nil {
		return storedChecks(t)
	}
	var found []*pg.Node
	add := func(con *pg.Constraint) {
		if con.GetContype() == pg.ConstrType_CONSTR_CHECK {
			found = append(found, con.RawExpr)
		}
	}
	add(c.constraint(pg.ConstrType_CONSTR_CHECK))
	for _, element := range p.Node().GetCreateStmt().GetTableElts() {
		add(element.GetConstraint())
	}
	for _, cmd := range alterCommands(p.Statement) {
		add(cmd.GetDef().GetConstraint())
	}
	return found
}

// storedChecks reads what pg_get_constraintdef prints.
func storedChecks(t *lint.Table) []*pg.Node {
	var found []*pg.Node
	for _, con := range t.Constraints {
		if con.Kind != lint.Check {
			continue
		}
		for _, cmd := range lint.Tree("ALTER TABLE t ADD " + con.Definition).GetAlterTableStmt().GetCmds() {
			if expr := cmd.GetAlterTableCmd().GetDef().GetConstraint().GetRawExpr(); expr != nil {
				found = append(found, expr)
			}
		}
	}
	return found
}
