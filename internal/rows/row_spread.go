package rows

import "github.com/migvet/migvet/internal/quote"

// A spread maps row numbers to the numbers that a column's value, or a foreign key's parent row, is made from.
type spread int

const (
	everyRow      spread = iota // 1001 1002 1003 1004 …
	pairedRows                  // 1001 1001 1002 1002 …
	staggeredRows               // 1001 1002 1002 1003 … : with a paired column, duplicates in both and no pair twice
)

func (s spread) row(row quote.SQL) quote.SQL {
	switch s {
	case pairedRows:
		return "((" + row + " + 1) / 2 + " + quote.Number(firstRow/2) + ")"
	case staggeredRows:
		return "(" + row + " / 2 + " + quote.Number(firstRow/2+1) + ")"
	}
	return row
}
