package rows

import (
	"strings"

	"github.com/migvet/migvet/internal/quote"
)

// A value is an SQL expression over a row number, cut where the number goes.
type value struct {
	parts []quote.SQL
	size  int  // how many values there are; 0: a different one for every row
	guess bool // size may be wrong for the column's type
}

func (v value) sql(row quote.SQL) quote.SQL { return quote.Join(v.parts, row) }

// perRow makes a value of an expression with the row number as $k. It is for expressions of this package only.
func perRow(template quote.SQL) value {
	const row = "$k"
	var parts []quote.SQL
	for at := strings.Index(string(template), row); at >= 0; at = strings.Index(string(template), row) {
		parts = append(parts, template[:at])
		template = template[at+len(row):]
	}
	return value{parts: append(parts, template)}
}

func constantValue(sql quote.SQL) value { return value{parts: []quote.SQL{sql}, size: 1} }

// cycleThrough takes the expressions in turn.
func cycleThrough(expressions []quote.SQL) value {
	if len(expressions) == 1 {
		return constantValue(expressions[0])
	}
	return value{
		parts: []quote.SQL{
			"(ARRAY[" + quote.Join(expressions, ", ") + "])[(",
			" - " + quote.Number(firstRow) + ") % " + quote.Number(len(expressions)) + " + 1]",
		},
		size: len(expressions),
	}
}

// wrap puts a value into a larger expression.
func (v value) wrap(before, after quote.SQL) value {
	parts := append([]quote.SQL{}, v.parts...)
	parts[0] = before + parts[0]
	parts[len(parts)-1] += after
	return value{parts: parts, size: v.size}
}

// join writes the expressions of v and w one behind the other.
func (v value) join(w value) value {
	parts := append([]quote.SQL{}, v.parts...)
	parts[len(parts)-1] += w.parts[0]
	return value{parts: append(parts, w.parts[1:]...), size: v.size}
}

// next is the value of the following row.
func (v value) next() value {
	next := perRow(v.parts[0])
	for _, p := range v.parts[1:] {
		next = next.join(perRow("($k + 1)")).join(constantValue(p))
	}
	return value{parts: next.parts, size: v.size}
}

// eachAsSQL is each text as write makes SQL of it.
func eachAsSQL(texts []string, write func(string) quote.SQL) []quote.SQL {
	all := make([]quote.SQL, len(texts))
	for i, t := range texts {
		all[i] = write(t)
	}
	return all
}
