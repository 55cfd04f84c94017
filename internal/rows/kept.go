package rows

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/quote"
)

// keepRows takes the rows that tables hold, from migrations, for the ones that others refer
// to, where a table takes no other: it may hold but one, or those of the plan are there.
// It reports whether it did, so that everything is to be inserted anew.
func (f *filler) keepRows(ctx context.Context) (kept bool, err error) {
	for _, t := range f.plan.tables {
		if t.kept || t.err == nil && (t.inserted > 0 || t.rows == 0) {
			continue
		}
		n, err := f.rowsThere(ctx, t)
		if err != nil {
			return false, err
		}
		if n > 0 {
			t.keep(n)
			kept = true
		}
	}
	if kept {
		f.plan.takeBackOrphans()
		f.plan.limitRows()
	}
	return kept, nil
}

// takeBackOrphans lets tables have rows that were to have none for want of a parent's.
// Those of which the parent still has none are found again.
func (p *plan) takeBackOrphans() {
	for _, t := range p.tables {
		var e *noParentError
		if errors.As(t.err, &e) && e.key.parent != nil {
			t.err = nil
		}
	}
}

// rowsThere counts the rows of a table, maxRows at most. That it cannot be read leaves it
// without.
func (f *filler) rowsThere(ctx context.Context, t *table) (n int, err error) {
	if err := f.session.exec(ctx, "SAVEPOINT there"); err != nil {
		return 0, err
	}
	sql := "SELECT pg_catalog.count(*)::pg_catalog.int4 FROM (SELECT FROM " + t.qualified() + " LIMIT " + quote.Number(maxRows) + ") AS r"
	if err := f.session.conn.QueryRow(ctx, sql.ForServer()).Scan(&n); err != nil {
		if !isServerError(err) {
			return 0, fmt.Errorf("count rows of %s: %w", t.name, err)
		}
		n = 0
	}
	return n, f.session.exec(ctx, "ROLLBACK TO there; RELEASE there")
}

// keep makes the plan of a table the rows that it holds.
func (t *table) keep(rows int) {
	t.kept, t.rows, t.err = true, rows, nil
	t.keys, t.uniques, t.checks, t.computed = nil, nil, nil, nil
	for _, c := range t.columns {
		c.key, c.parent, c.nulls, c.spread, c.candidates = nil, nil, nullNever, everyRow, nil
		c.value = perRow("(SELECT k." + quote.Name(c.name) + " FROM " + t.qualified() + " AS k ORDER BY k.ctid LIMIT 1 OFFSET ($k - " + quote.Number(firstRow) + "))")
	}
}
