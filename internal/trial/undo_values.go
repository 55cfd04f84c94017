package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
)

// A down that adds a dropped column again with DEFAULT 'x' NOT NULL brings back as many values
// as there were, and none of them.

// valueSums are the values that columns hold, whatever the order of the rows.
type valueSums map[kept]string

// droppedColumns are the columns that the migrations take from tables that they leave.
func (f faithful) droppedColumns() (columns []kept) {
	if f.schema == nil || len(f.back) == 0 {
		return nil
	}
	for _, c := range f.schema.Changes {
		if o := c.Object; c.What == schema.Removed && o.Kind == schema.Column {
			columns = append(columns, kept{Schema: o.Schema, Table: o.Relation, Column: o.Name})
		}
	}
	return columns
}

// sumValues reads columns as format() writes them, which calls no function of a user. What
// cannot be read is left out.
func (t *trial) sumValues(ctx context.Context, database string, columns []kept) (valueSums, error) {
	sums := valueSums{}
	if len(columns) == 0 {
		return sums, nil
	}
	err := t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		for _, k := range columns {
			var sum *string
			hash := "pg_catalog.md5(pg_catalog.format('%s', " + quote.Name(k.Column) + "))"
			sql := "SELECT pg_catalog.md5(pg_catalog.string_agg(" + hash + ", '' ORDER BY " + hash + ")) FROM " + quote.Name(k.Schema) + "." + quote.Name(k.Table)
			err := conn.QueryRow(ctx, sql.ForServer(), pgx.QueryExecModeSimpleProtocol).Scan(&sum)
			if err != nil && session.Refusal(err) == nil {
				return err
			}
			if sum != nil {
				sums[k] = *sum
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read values: %w", err)
	}
	return sums, nil
}

// noteReplaced notes columns that have as many values as before, and others.
func noteReplaced(backs []back, was, now valueSums, had, left []kept) {
	for _, k := range had {
		column := kept{Schema: k.Schema, Table: k.Table, Column: k.Column}
		before, after := was[column], now[column]
		if before == "" || after == "" || before == after || !slices.Contains(left, k) {
			continue
		}
		u := downThatLost(backs, k).undone
		u.Loses = append(u.Loses, "does not bring back the "+k.String())
	}
}
