package rows

import (
	"fmt"
	"strings"
)

// A value is an SQL expression over a row number, cut where the number goes.
type value struct {
	parts []string
	size  int  // how many values there are; 0: a different one for every row
	guess bool // size may be wrong for the column's type
}

func (v value) sql(row string) string { return strings.Join(v.parts, row) }

// perRow makes a value of an expression with the row number as $k. It is for expressions of this package only.
func perRow(template string) value { return value{parts: strings.Split(template, "$k")} }

func constant(sql string) value { return value{parts: []string{sql}, size: 1} }

// cycle takes the expressions in turn.
func cycle(expressions []string) value {
	if len(expressions) == 1 {
		return constant(expressions[0])
	}
	return value{
		parts: []string{
			"(ARRAY[" + strings.Join(expressions, ", ") + "])[(",
			fmt.Sprintf(" - %d) %% %d + 1]", firstRow, len(expressions)),
		},
		size: len(expressions),
	}
}

// wrap puts a value into a larger expression.
func (v value) wrap(before, after string) value {
	parts := append([]string{}, v.parts...)
	parts[0] = before + parts[0]
	parts[len(parts)-1] += after
	return value{parts: parts, size: v.size}
}

// join is the expression of v directly followed by that of w.
func (v value) join(w value) value {
	parts := append([]string{}, v.parts...)
	parts[len(parts)-1] += w.parts[0]
	return value{parts: append(parts, w.parts[1:]...), size: v.size}
}

// next is the value of the following row.
func (v value) next() value {
	next := perRow(v.parts[0])
	for _, p := range v.parts[1:] {
		next = next.join(perRow("($k + 1)")).join(constant(p))
	}
	return value{parts: next.parts, size: v.size}
}

func quoteAll(texts []string) []string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = quoteText(t)
	}
	return quoted
}
