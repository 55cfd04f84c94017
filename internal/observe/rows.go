package observe

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// lostRows counts the rows that TRUNCATE or DELETE took, foreign keys with ON
// DELETE CASCADE included.
func (o *Observer) lostRows(was, is relation, now map[int64]int64) int64 {
	switch {
	case o.emptied(was, is):
		return o.rows[was.OID]
	case was.Kind == "r":
		return o.deletedRows(was, is, now)
	}
	return 0
}

// deletedRows counts rows that were deleted one by one. A statement that commits on
// its own, such as CALL, loses its counters with its transactions; then the rows
// before and after it are compared.
func (o *Observer) deletedRows(was, is relation, now map[int64]int64) int64 {
	return max(is.Deleted-was.Deleted, o.rows[was.OID]-now[was.OID], 0)
}

// rowsBehind counts the rows of tables behind a statement by what the session's
// counters tell.
func (o *Observer) rowsBehind(before, after snapshot) map[int64]int64 {
	now := maps.Clone(o.rows)
	for oid, was := range before.relations {
		is, still := after.relations[oid]
		switch {
		case !still || was.Kind != "r":
		case o.emptied(was, is):
			now[oid] = 0
		default:
			now[oid] = max(0, o.rows[oid]+is.Inserted-was.Inserted-(is.Deleted-was.Deleted))
		}
	}
	return now
}

// recount reads the rows of all tables again.
func (o *Observer) recount(ctx context.Context) (now map[int64]int64, err error) {
	return now, askServer(ctx, o.conn, &now, "migvet_counts()")
}

// rowsWritten tells what happened to the rows of existing tables.
func (o *Observer) rowsWritten(before, after snapshot, now map[int64]int64) []lint.RowsWritten {
	sums := map[int64]*lint.RowsWritten{}
	for oid, was := range before.relations {
		is, still := after.relations[oid]
		if !still || was.Kind != "r" || !o.mentions(was) {
			continue
		}
		w := lint.RowsWritten{Had: o.rows[oid]}
		if !o.emptied(was, is) {
			w.Inserted, w.Updated = max(0, is.Inserted-was.Inserted), max(0, is.Updated-was.Updated)
			w.Deleted = o.deletedRows(was, is, now)
		}
		for _, table := range before.partitionedAbove(was) {
			if sums[table.OID] == nil {
				sums[table.OID] = &lint.RowsWritten{Table: table.qname()}
			}
			sum := sums[table.OID]
			sum.Had += w.Had
			sum.Inserted, sum.Updated, sum.Deleted = sum.Inserted+w.Inserted, sum.Updated+w.Updated, sum.Deleted+w.Deleted
		}
	}
	var written []lint.RowsWritten
	for _, w := range sums {
		if w.Inserted > 0 || w.Updated > 0 || w.Deleted > 0 {
			written = append(written, *w)
		}
	}
	slices.SortFunc(written, func(a, b lint.RowsWritten) int { return strings.Compare(a.Table, b.Table) })
	return written
}

// partitionedAbove returns a relation and the partitioned tables that it is a
// partition of, the nearest first.
func (s snapshot) partitionedAbove(r relation) []relation {
	all := []relation{r}
	for {
		parent, known := s.relations[all[len(all)-1].Parent]
		if !known || parent.Kind != "p" {
			return all
		}
		all = append(all, parent)
	}
}
