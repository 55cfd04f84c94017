package rows

import (
	"cmp"
	"slices"
)

// tryMoreParents serves keys over foreign keys whose parents have fewer rows than their table: twelve users and twelve
// projects make 24 pairs, and a table with an enum of 40 labels wants 64. The parents get as many rows, or where
// they cannot, the table gets fewer.
func (r *repairer) tryMoreParents(c *constraint, yield func(move) bool) bool {
	short := c.shortParents()
	if !c.isKey || len(short) == 0 {
		return true
	}
	least := slices.MinFunc(short, func(a, b *table) int { return cmp.Compare(a.rows, b.rows) }).rows
	return yield(newMove(r.setRows(short, c.table.rows))) &&
		yield(newMove(r.setRows(withAncestors(short), c.table.rows))) &&
		r.tryLessRows(c, max(least, 2), yield)
}

// shortParents lists the tables with fewer rows than c's that c's columns follow.
func (c *constraint) shortParents() []*table {
	var short []*table
	for _, col := range c.columns {
		for at := col; at.key != nil; at = at.parent {
			if t := at.key.parent; !t.kept && t.rows < c.table.rows && !slices.Contains(short, t) {
				short = append(short, t)
			}
		}
	}
	return short
}

// withAncestors adds what tables refer to, near or far.
func withAncestors(tables []*table) []*table {
	all := slices.Clone(tables)
	for i := 0; i < len(all); i++ {
		for _, k := range all[i].keys {
			if k.parent != nil && !k.parent.kept && !slices.Contains(all, k.parent) {
				all = append(all, k.parent)
			}
		}
	}
	return all
}

// tryLessRows takes rows away by quarters, least are left: many leave room for NULLs and duplicates, one has none.
func (r *repairer) tryLessRows(c *constraint, least int, yield func(move) bool) bool {
	for rows := c.table.rows * 3 / 4; rows >= least; rows = rows * 3 / 4 {
		if !yield(newMove(r.setRows([]*table{c.table}, rows))) {
			return false
		}
	}
	return true
}

// setRows changes the rows of tables, and lowers those of others with a unique key that follows their rows.
func (r *repairer) setRows(tables []*table, rows int) change {
	var touches []any
	for _, t := range tables {
		touches = append(touches, t)
	}
	return change{touches: touches, apply: func() func() {
		old := make([]int, len(r.plan.tables))
		for i, other := range r.plan.tables {
			old[i] = other.rows
		}
		for _, t := range tables {
			t.rows = rows
		}
		r.plan.limitRows()
		return func() {
			for i, other := range r.plan.tables {
				other.rows = old[i]
			}
		}
	}}
}
