package rows

import (
	"context"
	"fmt"

	"github.com/migvet/migvet/internal/quote"
)

// removeOrphans deletes rows that refer to rows which are not there because they conflicted with existing ones.
func (f *filler) removeOrphans(ctx context.Context) error {
	for again := true; again; {
		again = false
		for _, t := range f.plan.tables {
			for _, k := range t.keys {
				if t.inserted == 0 || k.parent == nil || k.parent.kept || k.parent.inserted == k.parent.rows {
					continue
				}
				removed, err := f.removeOrphansOf(ctx, k)
				if err != nil {
					return err
				}
				again = again || removed > 0
			}
		}
	}
	return nil
}

func (f *filler) removeOrphansOf(ctx context.Context, k *foreignKey) (int, error) {
	var same, filled []quote.SQL
	for i, c := range k.columns {
		filled = append(filled, "c."+quote.Name(c.name)+" IS NOT NULL")
		same = append(same, "p."+quote.Name(k.parents[i].name)+" = c."+quote.Name(c.name))
	}
	sql := "DELETE FROM " + k.table.qualified() + " AS c WHERE " + quote.Join(filled, " AND ") +
		" AND NOT EXISTS (SELECT FROM " + k.parent.qualified() + " AS p WHERE " + quote.Join(same, " AND ") + ")"
	results, err := f.session.conn.PgConn().Exec(ctx, sql.ForServer()).ReadAll()
	if err != nil {
		return 0, fmt.Errorf("remove rows of %s without parent: %w", k.table.name, err)
	}
	removed := int(results[0].CommandTag.RowsAffected())
	k.table.inserted -= removed
	return removed, nil
}
