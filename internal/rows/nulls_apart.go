package rows

import (
	"math/bits"
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// maxApart bounds the columns of a table that are told apart by where they are NULL; more share
// their rows.
const maxApart = 32

// addNullsApart adds rows to a table in which of any two columns one is NULL and the other is
// not, both ways round: CHECK ((k IS NULL) = (v IS NULL)) holds where all are NULL together. Two
// rows for each binary digit of the columns' numbers are enough: in one the columns with the
// digit 1 are NULL, in the other those with 0.
func (t *table) addNullsApart() {
	var apart []*column
	for _, c := range t.columns {
		if c.nulls == nullSometimes {
			apart = append(apart, c)
		}
	}
	apart = slices.DeleteFunc(apart, func(c *column) bool { return c.key != nil && c.key.matchFull })
	if len(apart) < 2 {
		return
	}
	t.apart = firstRow + t.rows
	digits := bits.Len(uint(min(len(apart), maxApart) - 1))
	for i, c := range apart {
		for digit := range digits {
			row := t.apart + 2*digit
			if (i%maxApart)>>digit&1 == 0 {
				row++
			}
			c.nullIn = append(c.nullIn, quote.Number(row))
		}
	}
	t.rows += 2 * digits
}

// isNull is the condition under which a column that is NULL sometimes is so in a row.
func (c *column) isNull(row quote.SQL) quote.SQL {
	together := row + " % " + quote.Number(nullEvery) + " = 0"
	if c.table.apart == 0 {
		return together
	}
	last := quote.SQL("false")
	if len(c.nullIn) > 0 {
		last = row + " IN (" + quote.Join(c.nullIn, ", ") + ")"
	}
	return "CASE WHEN " + row + " < " + quote.Number(c.table.apart) + " THEN " + together + " ELSE " + last + " END"
}

// tryTogether leaves out the rows with columns that are NULL apart.
func (r *repairer) tryTogether(c *constraint, yield func(move) bool) bool {
	if t := c.table; t.apart > 0 && firstRow+t.rows > t.apart {
		return yield(newMove(r.setRows([]*table{t}, t.apart-firstRow)))
	}
	return true
}
