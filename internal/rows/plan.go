package rows

import (
	"cmp"
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// A plan says for every table how many rows it gets, and for every column its value as a function of the row.
type plan struct {
	tables      []*table // parents first, as far as cycles allow
	adversarial bool
}

const (
	maxRows       = 64 // per table, when its enums have many labels
	maxPartitions = 16 // of a hash-partitioned table that are counted for its rows
)

// newPlan makes the plan that constraints other than keys have not been asked about.
func newPlan(tables []*table, o Options) *plan {
	p := &plan{tables: parentsFirst(tables), adversarial: o.Set == Adversarial}
	for _, t := range p.tables {
		t.claimColumns()
	}
	for _, t := range p.tables {
		t.breakCycles()
	}
	for _, t := range p.tables {
		p.setRows(t, o.Rows)
		p.setSpreads(t)
		p.setValues(t)
	}
	for _, t := range p.tables {
		if !p.adversarial {
			t.plantTrees()
		}
		p.setNulls(t)
	}
	for _, t := range p.tables {
		t.addNullsApart()
	}
	p.limitRows()
	return p
}

// parentsFirst orders tables so that most follow those they refer to.
func parentsFirst(tables []*table) []*table {
	var ordered []*table
	seen := map[*table]bool{}
	var visit func(t *table)
	visit = func(t *table) {
		if seen[t] {
			return
		}
		seen[t] = true
		for _, k := range t.keys {
			if k.parent != nil {
				visit(k.parent)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		visit(t)
	}
	return ordered
}

// claimColumns lets each column follow one foreign key, the widest: keys that share a column share its value.
func (t *table) claimColumns() {
	keys := slices.Clone(t.keys)
	slices.SortStableFunc(keys, func(a, b *foreignKey) int { return cmp.Compare(len(b.columns), len(a.columns)) })
	for _, k := range keys {
		for i := range k.parents {
			c := k.columns[i]
			k.parents[i].referenced = true
			if c.key == nil && c.generated == "" && k.parents[i].generated == "" && k.parents[i] != c {
				c.key, c.parent = k, k.parents[i]
			}
		}
	}
}

// breakCycles gives a column that refers to itself through other tables a value of its own.
func (t *table) breakCycles() {
	for _, c := range t.columns {
		seen := map[*column]bool{}
		for at := c; at.key != nil; at = at.parent {
			if seen[at] {
				at.key, at.parent = nil, nil
				break
			}
			seen[at] = true
		}
	}
}

// setRows makes room for every label of an enum, twice, so that each is somewhere not NULL.
func (p *plan) setRows(t *table, rows int) {
	t.rows = rows * max(1, min(t.partitions, maxPartitions))
	for _, c := range t.columns {
		if p.adversarial {
			t.rows = max(t.rows, min(2*len(c.labels), maxRows))
		}
	}
}

// setValues chooses the first value to try for columns that have no parent.
func (p *plan) setValues(t *table) {
	for _, c := range t.columns {
		c.candidates = c.plain()
		c.value = c.candidates[0]
		if object, ok := t.jsonRead(c); ok {
			c.value = object
			continue
		}
		if p.adversarial {
			p.setOddValue(c)
		} else if c.typical() {
			p.setTypicalValue(c)
		}
	}
}

func (p *plan) setOddValue(c *column) {
	odd, ok := c.odd()
	if c.unique() {
		odd, ok = c.caseTwins()
		ok = ok && c.spread == everyRow
	}
	if ok && !c.referenced {
		c.candidates = append([]value{odd}, c.candidates...)
		c.value = odd
	}
}

// typical reports whether benign rows have the column's default, see Benign.
func (c *column) typical() bool {
	if c.unique() || c.referenced {
		return false
	}
	checked := len(c.domainChecks) > 0 || slices.ContainsFunc(c.table.checks, func(k check) bool { return slices.Contains(k.columns, c) })
	return c.typtype == "e" || c.base == "bool" || checked || c.isText() && len(c.constant) > 2 && c.constant[:2] != "''"
}

func (p *plan) setTypicalValue(c *column) {
	switch {
	case c.constant != "":
		c.value = constantValue(c.constant)
	case len(c.labels) > 0 && c.element == nil:
		c.value = constantValue(quote.Text(c.labels[0]))
	}
}

// unique reports whether the column is in a unique index or an exclusion constraint.
func (c *column) unique() bool {
	return slices.ContainsFunc(c.table.uniques, func(u *unique) bool {
		return slices.Contains(u.columns, c) || slices.Contains(u.others, c)
	})
}

// setNulls makes columns NULL where the set wants it and nothing forbids it.
func (p *plan) setNulls(t *table) {
	for _, c := range t.columns {
		if p.adversarial && !c.notNull && !c.referenced {
			c.nulls = nullSometimes
		}
	}
	for _, u := range t.uniques {
		for _, c := range u.columns {
			if !u.nullsNotEqual {
				c.nulls = nullNever
			}
		}
	}
	for _, k := range t.keys {
		if k.matchFull && slices.ContainsFunc(k.columns, func(c *column) bool { return c.nulls == nullNever }) {
			for _, c := range k.columns {
				c.nulls = nullNever
			}
		}
		if k.parent == nil {
			k.detach()
		}
	}
}

// detach makes the foreign key refer to nothing, or says that its table cannot be filled.
func (k *foreignKey) detach() {
	var nullable []*column
	for _, c := range k.columns {
		if !c.notNull && !c.referenced && c.generated == "" {
			nullable = append(nullable, c)
		}
	}
	if len(nullable) == 0 || k.matchFull && len(nullable) < len(k.columns) {
		k.table.err = &noParentError{k}
		return
	}
	for _, c := range nullable {
		c.nulls = nullAlways
	}
}
