package rows

import "fmt"

// A spread maps row numbers to the numbers that a column's value, or a foreign key's parent row, is made from.
type spread int

const (
	everyRow  spread = iota // 1001 1002 1003 1004 …
	paired                  // 1001 1001 1002 1002 …
	staggered               // 1001 1002 1002 1003 … : with a paired column, duplicates in both and no pair twice
)

func (s spread) row(row string) string {
	switch s {
	case paired:
		return fmt.Sprintf("((%s + 1) / 2 + %d)", row, firstRow/2)
	case staggered:
		return fmt.Sprintf("(%s / 2 + %d)", row, firstRow/2+1)
	}
	return row
}
