package probe

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
)

// dropOrphans makes foreign keys hold again of which rows were taken out: a migration that
// checks one of them, as DROP CONSTRAINT and ADD CONSTRAINT do, would be refused by our
// doing. What refers to a row that went goes along, and so on; rows that refer to one of
// their own table refer to themselves instead.
func (c *Catalog) dropOrphans(ctx context.Context, conn *pgx.Conn, taken []uint32) error {
	for lost := taken; len(lost) > 0; {
		var next []uint32
		for _, t := range c.Tables {
			for _, k := range t.References {
				if k.parent == nil || !slices.Contains(lost, k.Table) {
					continue
				}
				dropped, err := t.dropOrphansOf(ctx, conn, k)
				if err != nil {
					return fmt.Errorf("keep the foreign keys of %s: %w", t.Display(), err)
				}
				if dropped {
					next = append(next, t.OID)
				}
			}
		}
		lost = next
	}
	return nil
}

func (t *Table) dropOrphansOf(ctx context.Context, conn *pgx.Conn, k Reference) (dropped bool, err error) {
	if k.Table == t.OID {
		if _, err := t.write(ctx, conn, "UPDATE "+t.qualified()+" AS child SET "+t.toItself(k)+" WHERE "+t.isOrphan(k)); err != nil {
			return false, err
		}
	}
	rows, err := t.write(ctx, conn, "DELETE FROM "+t.qualified()+" AS child WHERE "+t.isOrphan(k))
	return rows > 0, err
}

// write changes rows in a transaction; what the server refuses changes none.
func (t *Table) write(ctx context.Context, conn *pgx.Conn, sql quote.SQL) (rows int64, err error) {
	refused, err := t.inTransaction(ctx, conn, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sql.ForServer(), pgx.QueryExecModeSimpleProtocol)
		rows = tag.RowsAffected()
		return err
	})
	if refused {
		rows = 0
	}
	return rows, err
}

// isOrphan is the condition that a row refers to one that is not there.
func (t *Table) isOrphan(k Reference) quote.SQL {
	var whole, same []quote.SQL
	for i, number := range k.Columns {
		child, parent := "child."+quote.Name(t.column(number).Name), "parent."+quote.Name(k.parent.column(k.Keys[i]).Name)
		whole, same = append(whole, child+" IS NOT NULL"), append(same, parent+" = "+child)
	}
	return quote.Join(whole, " AND ") + " AND NOT EXISTS (SELECT FROM " + k.parent.qualified() + " AS parent WHERE " + quote.Join(same, " AND ") + ")"
}

func (t *Table) toItself(k Reference) quote.SQL {
	var set []quote.SQL
	for i, number := range k.Columns {
		set = append(set, quote.Name(t.column(number).Name)+" = child."+quote.Name(t.column(k.Keys[i]).Name))
	}
	return quote.Join(set, ", ")
}
