package rows

import (
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

// spreadOf is where the spread of a column is kept: columns of one foreign key move together.
func (c *column) spreadOf() *spread {
	if c.key != nil {
		return &c.key.spread
	}
	return &c.spread
}

// spreadOwner is the part of the plan that the spread belongs to.
func (c *column) spreadOwner() any {
	if c.key != nil {
		return c.key
	}
	return c
}

// setSpreads lets adversarial rows repeat values wherever no unique index forbids it. Of a unique pair one column is
// pairedRows and the other staggeredRows, so that both have duplicates. Partial indexes are left to the constraint's own
// evaluation: their predicate may allow duplicates.
func (p *plan) setSpreads(t *table) {
	if !p.adversarial {
		return
	}
	for _, k := range t.keys {
		k.spread = pairedRows
	}
	for _, c := range t.columns {
		c.spread = pairedRows
	}
	decided := map[*spread]bool{}
	byWidth := slices.Clone(t.uniques)
	slices.SortStableFunc(byWidth, func(a, b *unique) int { return len(a.spreads()) - len(b.spreads()) })
	for _, u := range byWidth {
		if u.predicate == "" {
			u.decide(decided)
		}
	}
}

// spreads lists the independent spreads of the key; columns of small types, such as
// bool, come last.
func (u *unique) spreads() []*spread {
	var wide, narrow []*spread
	for _, c := range append(slices.Clone(u.columns), u.others...) {
		s := c.spreadOf()
		switch {
		case c.generated != "" || slices.Contains(wide, s) || slices.Contains(narrow, s):
		case c.few():
			narrow = append(narrow, s)
		default:
			wide = append(wide, s)
		}
	}
	return append(wide, narrow...)
}

// few says that the type has fewer values than a table has rows.
func (c *column) few() bool {
	t := c.root()
	return t.base == "bool" || t.typtype == "e"
}

func (u *unique) decide(decided map[*spread]bool) {
	spreads := u.spreads()
	wide := slices.DeleteFunc(slices.Clone(spreads), func(s *spread) bool { return u.isFew(s) })
	has := func(want spread) bool {
		return slices.ContainsFunc(wide, func(s *spread) bool { return decided[s] && *s == want })
	}
	if len(spreads) == 0 || has(everyRow) || has(pairedRows) && has(staggeredRows) {
		return
	}
	if len(wide) >= 2 {
		for _, want := range []spread{pairedRows, staggeredRows} {
			free := slices.IndexFunc(wide, func(s *spread) bool { return !decided[s] })
			if !has(want) && free >= 0 {
				*wide[free], decided[wide[free]] = want, true
			}
		}
		if has(pairedRows) && has(staggeredRows) {
			return
		}
	}
	*spreads[0], decided[spreads[0]] = everyRow, true
}

func (u *unique) isFew(s *spread) bool {
	return slices.ContainsFunc(append(slices.Clone(u.columns), u.others...), func(c *column) bool { return c.spreadOf() == s && c.few() })
}

// limitRows lowers the rows of tables whose key cannot have as many values.
func (p *plan) limitRows() {
	for again := true; again; {
		again = false
		for _, t := range p.tables {
			for _, u := range t.uniques {
				if most := u.most(); u.predicate == "" && most < t.rows {
					t.rows, again = most, true
				}
			}
		}
	}
}

// most is how many rows a key of one column allows.
func (u *unique) most() int {
	most := u.table.rows
	if len(u.columns) != 1 || len(u.others) > 0 {
		return most
	}
	c := u.columns[0]
	for ; c.key != nil; c = c.parent {
		most = min(most, c.key.parent.rows)
	}
	if c.value.size > 0 {
		most = min(most, c.value.size)
	}
	return max(most, 1)
}

// certain says that the plan alone makes the key unique, so that there is no need to ask.
func (u *unique) certain() bool {
	if u.exclusion && len(u.columns) == 0 {
		return false
	}
	has := func(s spread) bool {
		return slices.ContainsFunc(u.columns, func(c *column) bool {
			return c.generated == "" && c.distinctBut(s) && (u.nullsNotEqual || c.nulls == nullNever) && !u.lossy(c)
		})
	}
	return has(everyRow) || has(pairedRows) && has(staggeredRows)
}

// lossy says that values the plan takes for different may be equal in the index: text that is cut or compared
// without case.
func (u *unique) lossy(c *column) bool { return c.base == "citext" || c.base != c.root().base }

// sql asks whether the planned rows are unique. An exclusion constraint is asked as if its operators were equality,
// which ranges of consecutive rows satisfy alike.
func (u *unique) sql() quote.SQL {
	var conditions []quote.SQL
	if u.nullsNotEqual {
		for _, part := range u.parts {
			conditions = append(conditions, "("+part+") IS NOT NULL")
		}
	}
	if u.predicate != "" {
		conditions = append(conditions, "("+u.predicate+")")
	}
	where := quote.SQL("")
	if len(conditions) > 0 {
		where = " WHERE " + quote.Join(conditions, " AND ")
	}
	return "(SELECT pg_catalog.count(*) = pg_catalog.count(DISTINCT ROW(" + quote.Join(u.parts, ", ") + ")) FROM " +
		u.table.planned(append(slices.Clone(u.columns), u.others...)) + where + ")"
}
