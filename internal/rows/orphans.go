package rows

import (
	"context"
	"fmt"
	"strings"
)

// removeOrphans deletes rows that refer to rows which are not there because they conflicted with existing ones.
func (f *filler) removeOrphans(ctx context.Context) error {
	for again := true; again; {
		again = false
		for _, t := range f.plan.tables {
			for _, k := range t.keys {
				if t.inserted == 0 || k.parent == nil || k.parent.inserted == k.parent.rows {
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
	var same, filled []string
	for i, c := range k.columns {
		filled = append(filled, "c."+quoteName(c.name)+" IS NOT NULL")
		same = append(same, "p."+quoteName(k.parents[i].name)+" = c."+quoteName(c.name))
	}
	sql := fmt.Sprintf("DELETE FROM %s AS c WHERE %s AND NOT EXISTS (SELECT FROM %s AS p WHERE %s)",
		k.table.name, strings.Join(filled, " AND "), k.parent.name, strings.Join(same, " AND "))
	results, err := f.session.conn.PgConn().Exec(ctx, plannedSQL(sql).ForServer()).ReadAll()
	if err != nil {
		return 0, fmt.Errorf("remove rows of %s without parent: %w", k.table.name, err)
	}
	removed := int(results[0].CommandTag.RowsAffected())
	k.table.inserted -= removed
	return removed, nil
}
