package observe

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// A Count is how many rows a table holds, or how many values, NULL aside, a column.
type Count struct {
	Schema, Table, Column string // Column is "" for the rows of a table
	N                     int64
}

// qname is "schema.table" or "schema.table.column".
func (c Count) qname() string {
	if c.Column == "" {
		return c.Schema + "." + c.Table
	}
	return c.Schema + "." + c.Table + "." + c.Column
}

// Counts counts the rows of all tables, and the values of their columns.
func Counts(ctx context.Context, conn *pgx.Conn) ([]Count, error) {
	return countValues(ctx, conn, nil)
}

// countValues counts in the named tables and their partitions; in all when names
// are nil. What cannot be read is left out.
func countValues(ctx context.Context, conn *pgx.Conn, names []name) ([]Count, error) {
	var tables []struct {
		Schema, Name string
		Relkind      string
		Columns      []string
		Counts       []int64 // rows, then values of each column; nil when they cannot be read
	}
	if err := askNamed(ctx, conn, &tables, "migvet_values", names); err != nil {
		return nil, err
	}
	var counts []Count
	for _, t := range tables {
		for i, n := range t.Counts {
			switch {
			case i > 0:
				counts = append(counts, Count{t.Schema, t.Name, t.Columns[i-1], n})
			case t.Relkind != "p": // the rows are those of its partitions
				counts = append(counts, Count{t.Schema, t.Name, "", n})
			}
		}
	}
	return counts, nil
}
