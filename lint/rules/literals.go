package rules

import (
	"strconv"
	"strings"
	"unicode"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// literalKind is how a constant is written.
type literalKind uint8

const (
	stringLiteral literalKind = iota
	numberLiteral
	booleanLiteral
	bitLiteral // text begins with "b" or "x"
	nullLiteral
)

// A literal is a constant, and the types it is cast to on its way.
type literal struct {
	kind  literalKind
	text  string         // the value, without quotes
	casts []*pg.TypeName // innermost first
}

// constant reads an expression that is a constant with or without casts.
func constant(expr *pg.Node) (l literal, ok bool) {
	for expr.GetTypeCast() != nil {
		l.casts = append([]*pg.TypeName{expr.GetTypeCast().TypeName}, l.casts...)
		expr = expr.GetTypeCast().Arg
	}
	c := expr.GetAConst()
	if c == nil {
		return literal{}, false
	}
	if c.Isnull {
		l.kind = nullLiteral
		return l, true
	}
	switch v := c.Val.(type) {
	case *pg.A_Const_Sval:
		l.kind, l.text = stringLiteral, v.Sval.GetSval()
	case *pg.A_Const_Ival:
		l.kind, l.text = numberLiteral, strconv.Itoa(int(v.Ival.GetIval()))
	case *pg.A_Const_Fval:
		l.kind, l.text = numberLiteral, v.Fval.GetFval()
	case *pg.A_Const_Boolval:
		l.kind, l.text = booleanLiteral, strconv.FormatBool(v.Boolval.GetBoolval())
	case *pg.A_Const_Bsval:
		l.kind, l.text = bitLiteral, v.Bsval.GetBsval()
	default:
		return literal{}, false
	}
	return l, true
}

// isNull tells whether an expression is NULL, whatever it is cast to.
func isNull(expr *pg.Node) bool {
	l, ok := constant(expr)
	return ok && l.kind == nullLiteral
}

// inputType returns the type whose input function reads the text of a string:
// the innermost cast or, without one, the column's.
func (l literal) inputType(column dataType) dataType {
	if len(l.casts) == 0 {
		return column
	}
	return builtinType(l.casts[0])
}

// shownLength keeps messages to one line; the source is beside them anyway.
const shownLength = 40

// String shows the constant as SQL, cut if it is long and without line breaks.
func (l literal) String() string {
	switch l.kind {
	case nullLiteral:
		return "NULL"
	case numberLiteral, booleanLiteral:
		return shorten(l.text)
	case bitLiteral:
		return strings.ToUpper(l.text[:min(1, len(l.text))]) + "'" + shorten(l.text[min(1, len(l.text)):]) + "'"
	}
	return "'" + strings.ReplaceAll(shorten(l.text), "'", "''") + "'"
}

func shorten(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > shownLength {
		return string(runes[:shownLength]) + "…"
	}
	return text
}
