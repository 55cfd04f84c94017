package rows

import "slices"

// choose returns the tables to fill, by name: those asked for and, so that nothing lacks its parent, all they refer
// to. Of a partitioned table its partitions are filled; of a partitioned parent, the first is enough.
func (c *catalog) choose(o Options) []*table {
	parents := map[uint32][]uint32{}
	for _, k := range c.keys {
		parents[k.table] = append(parents[k.table], k.parent)
	}
	chosen := map[uint32]bool{}
	var add func(oid uint32)
	add = func(oid uint32) {
		if chosen[oid] {
			return
		}
		chosen[oid] = true
		for _, parent := range parents[oid] {
			if target := c.target(parent, o); target != nil {
				add(target.oid)
			}
		}
	}
	for _, t := range c.order {
		if o.Tables == nil || c.asked(t, o.Tables) {
			if c.fillable(t, o) {
				add(t.oid)
			}
		}
	}
	var tables []*table
	for _, t := range c.order {
		if chosen[t.oid] {
			tables = append(tables, t)
		}
	}
	return tables
}

// hollow are the partitioned tables asked for by name that have no partitions.
func (c *catalog) hollow(o Options) (hollow []*table) {
	for _, t := range c.order {
		if t.kind == "p" && t.partitions == 0 && !slices.Contains(o.Exclude, t.name) && c.asked(t, o.Tables) {
			hollow = append(hollow, t)
		}
	}
	return hollow
}

// asked reports whether t, or a table that it is a partition of, or a partition of it, is in names.
func (c *catalog) asked(t *table, names []string) bool {
	for up := t; up != nil; up = c.tables[up.parent] {
		if slices.Contains(names, up.name) {
			return true
		}
	}
	return t.kind == "p" && slices.ContainsFunc(c.order, func(p *table) bool {
		return slices.Contains(names, p.name) && c.isInPartition(p, t)
	})
}

// fillable reports whether rows are inserted into t itself.
func (c *catalog) fillable(t *table, o Options) bool {
	if t.kind == "p" && (t.strategy != "h" || t.partitions == 0) {
		return false
	}
	for up := t; up != nil; up = c.tables[up.parent] {
		if slices.Contains(o.Exclude, up.name) || up != t && up.strategy == "h" {
			return false
		}
	}
	return true
}

// isInPartition reports whether p is t or a partition of it, at any level.
func (c *catalog) isInPartition(p, t *table) bool {
	for ; p != nil; p = c.tables[p.parent] {
		if p == t {
			return true
		}
	}
	return false
}

// target is the table that rows referring to the table oid refer to in fact: itself, or the first of its partitions.
func (c *catalog) target(oid uint32, o Options) *table {
	parent := c.tables[oid]
	if parent == nil || c.fillable(parent, o) {
		return parent
	}
	for _, t := range c.order {
		if c.isInPartition(t, parent) && c.fillable(t, o) {
			return t
		}
	}
	return nil
}

// oidsWithAncestors adds the partitioned tables above: foreign keys name their columns by numbers of their own.
func (c *catalog) oidsWithAncestors(tables []*table) []uint32 {
	var oids []uint32
	seen := map[uint32]bool{}
	for _, t := range tables {
		for ; t != nil && !seen[t.oid]; t = c.tables[t.parent] {
			seen[t.oid] = true
			oids = append(oids, t.oid)
		}
	}
	return oids
}

// resolveKeys gives the tables their foreign keys. A key whose parent is not filled has none.
func (c *catalog) resolveKeys(tables []*table, o Options) {
	filled := map[uint32]bool{}
	for _, t := range tables {
		filled[t.oid] = true
	}
	for _, raw := range c.keys {
		if !filled[raw.table] {
			continue
		}
		t := c.tables[raw.table]
		k := &foreignKey{name: raw.name, table: t, columns: t.columnsNumbered(raw.columns), matchFull: raw.matchFull}
		t.keys = append(t.keys, k)
		target := c.target(raw.parent, o)
		if target == nil {
			continue
		}
		k.parent = target
		for _, number := range raw.parents {
			name := c.tables[raw.parent].column(number).name
			k.parents = append(k.parents, target.columnNamed(name))
		}
	}
}
