package sqlvalue

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// A LiteralKind is how a constant is written.
type LiteralKind uint8

// The kinds of literals.
const (
	StringLiteral  LiteralKind = iota // 'a', also of a date
	NumberLiteral                     // 1, 1.5e3
	BooleanLiteral                    // true
	BitLiteral                        // b'101', x'1F'; Text begins with "b" or "x"
	NullLiteral                       // NULL; Text is ""
)

// A Literal is a constant, and the types it is cast to on its way: 'a'::text.
type Literal struct {
	Kind  LiteralKind
	Text  string         // the value, without quotes
	Casts []*pg.TypeName // innermost first
}

// ReadLiteral reads an expression that is a constant with or without casts; ok
// is false for other expressions, and for nil.
func ReadLiteral(expr *pg.Node) (l Literal, ok bool) {
	for expr.GetTypeCast() != nil {
		l.Casts = append(l.Casts, expr.GetTypeCast().TypeName)
		expr = expr.GetTypeCast().Arg
	}
	slices.Reverse(l.Casts)
	c := expr.GetAConst()
	if c == nil {
		return Literal{}, false
	}
	if c.Isnull {
		l.Kind = NullLiteral
		return l, true
	}
	switch v := c.Val.(type) {
	case *pg.A_Const_Sval:
		l.Kind, l.Text = StringLiteral, v.Sval.GetSval()
	case *pg.A_Const_Ival:
		l.Kind, l.Text = NumberLiteral, strconv.Itoa(int(v.Ival.GetIval()))
	case *pg.A_Const_Fval:
		l.Kind, l.Text = NumberLiteral, v.Fval.GetFval()
	case *pg.A_Const_Boolval:
		l.Kind, l.Text = BooleanLiteral, strconv.FormatBool(v.Boolval.GetBoolval())
	case *pg.A_Const_Bsval:
		l.Kind, l.Text = BitLiteral, v.Bsval.GetBsval()
	default:
		return Literal{}, false
	}
	return l, true
}

// uncast returns what an expression casts, or the expression.
func uncast(expr *pg.Node) *pg.Node {
	for expr.GetTypeCast() != nil {
		expr = expr.GetTypeCast().Arg
	}
	return expr
}

// IsNull reports whether an expression is NULL, whatever it is cast to.
func IsNull(expr *pg.Node) bool {
	l, ok := ReadLiteral(expr)
	return ok && l.Kind == NullLiteral
}

// InputType returns the type whose input function reads the text of a string:
// the innermost cast or, without one, the column's.
func (l Literal) InputType(column Type) Type {
	if len(l.Casts) == 0 {
		return column
	}
	return ReadType(l.Casts[0])
}

// OnlyCastTo reports whether all casts are to the types named, as pg_type names
// them, without a length or precision. So it is where there is no cast.
func (l Literal) OnlyCastTo(names ...string) bool {
	return !slices.ContainsFunc(l.Casts, func(cast *pg.TypeName) bool {
		t := ReadType(cast)
		return !t.Is(names...) || len(t.Mods) > 0
	})
}

// Number returns the number that the constant is in a column of a type, when all
// casts leave it what it is: '1.5' and 1.5::numeric, but not 1.5::integer in a
// numeric column.
func (l Literal) Number(column Type) (n *big.Rat, ok bool) {
	if l.Kind != NumberLiteral && l.Kind != StringLiteral || !l.OnlyCastTo("numeric", column.Name) {
		return nil, false
	}
	return ParseNumber(l.Text)
}

// shownLength keeps messages to one line; the source is beside them anyway.
const shownLength = 40

// String shows the constant as SQL, cut if it is long and without line breaks.
func (l Literal) String() string {
	switch l.Kind {
	case NullLiteral:
		return "NULL"
	case NumberLiteral, BooleanLiteral:
		return Shorten(l.Text)
	case BitLiteral:
		return strings.ToUpper(l.Text[:min(1, len(l.Text))]) + "'" + Shorten(l.Text[min(1, len(l.Text)):]) + "'"
	}
	return "'" + strings.ReplaceAll(Shorten(l.Text), "'", "''") + "'"
}

// Shorten fits a text of a stranger into a message: at most 40 characters and
// "…", on one line.
func Shorten(text string) string {
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
