package plpgsql

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// Placeholder is the name of what a text that EXECUTE runs does not tell. No
// relation has it.
const Placeholder = "…"

const placeholder = `"` + Placeholder + `"`

// execute reads the expression behind EXECUTE.
func (c *Command) execute(expression string) {
	c.Dynamic = true
	text, known := "", false
	if statements, _ := lint.Parse("SELECT " + expression); len(statements) == 1 {
		text, known = textOf(statements[0].Node)
	}
	c.Open = !known
	c.Statements, _ = lint.Parse(text)
}

// textOf returns the text of the one column of a query.
func textOf(query *pg.Node) (text string, known bool) {
	targets := query.GetSelectStmt().GetTargetList()
	if len(targets) != 1 {
		return "", false
	}
	return constantText(targets[0].GetResTarget().GetVal())
}

// constantText returns what an expression concatenates, as far as it is constant.
// known is false when a part of it can be anything; a name or value that is
// quoted cannot.
func constantText(expr *pg.Node) (text string, known bool) {
	switch n := expr.GetNode().(type) {
	case *pg.Node_AConst:
		if s := n.AConst.GetSval(); s != nil {
			return s.Sval, true
		}
	case *pg.Node_TypeCast:
		return constantText(n.TypeCast.Arg)
	case *pg.Node_AExpr:
		if op := n.AExpr.Name; len(op) > 0 && op[len(op)-1].GetString_().GetSval() == "||" {
			return concatenated(n.AExpr.Lexpr, n.AExpr.Rexpr)
		}
	case *pg.Node_FuncCall:
		return calledText(n.FuncCall)
	}
	return placeholder, false
}

func concatenated(parts ...*pg.Node) (string, bool) {
	var b strings.Builder
	known := true
	for _, p := range parts {
		text, ok := constantText(p)
		b.WriteString(text)
		known = known && ok
	}
	return b.String(), known
}

func calledText(f *pg.FuncCall) (text string, known bool) {
	name := f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
	if len(f.Funcname) > 1 && f.Funcname[0].GetString_().GetSval() != "pg_catalog" {
		return placeholder, false
	}
	switch name {
	case "quote_ident":
		return placeholder, true
	case "quote_literal", "quote_nullable":
		return "''", true
	case "concat":
		return concatenated(f.Args...)
	case "format":
		return formatted(f.Args)
	}
	return placeholder, false
}

// formatPart is a part of a format string that is replaced.
// https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT
var formatPart = regexp.MustCompile(`%(?:([0-9]+)\$)?-?(?:[0-9]+|\*(?:[0-9]+\$)?)?([sIL%])`)

func formatted(args []*pg.Node) (text string, known bool) {
	if len(args) == 0 {
		return placeholder, false
	}
	pattern, known := constantText(args[0])
	text = formatPart.ReplaceAllStringFunc(pattern, func(part string) string {
		switch part[len(part)-1] {
		case '%':
			return "%"
		case 'I':
			return placeholder
		case 'L':
			return "''"
		}
		known = false
		return placeholder
	})
	return text, known
}
