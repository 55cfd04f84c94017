package rows

import "slices"

// A Root is a column in which the first of the benign rows is NULL.
type Root struct{ Schema, Table, Column string }

// plantTrees makes of benign rows that refer to their own table one chain: the first has no parent, each other one that
// before it. A query that begins with the rows without parent finds them all.
func (t *table) plantTrees() {
	for _, k := range t.keys {
		if k.parent != t || k.matchFull && len(k.columns) > 1 || t.rows < 2 {
			continue
		}
		own := k.ownColumns()
		if len(own) == 0 || slices.ContainsFunc(own, func(c *column) bool { return c.notNull || c.referenced }) {
			continue
		}
		if !k.split() { // else the other columns follow another key, whose rows have the same numbers
			k.shift = t.rows - 1
		}
		for _, c := range own {
			c.nulls = nullFirst
		}
	}
}

// ownColumns are the columns that follow the key, and no other.
func (k *foreignKey) ownColumns() []*column {
	return slices.DeleteFunc(slices.Clone(k.columns), func(c *column) bool { return c.key != k })
}

// roots are the columns of a table in which the first row is NULL.
func (t *table) roots() (roots []Root) {
	for _, c := range t.columns {
		if c.nulls == nullFirst {
			roots = append(roots, Root{t.schema, t.relname, c.name})
		}
	}
	return roots
}
