package rows

import (
	"iter"
	"math/bits"
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
)

const (
	maxNullable = 8  // columns whose subsets of NULLs are tried
	maxPair     = 12 // values of each column that are tried in pairs
)

// countsNulls matches constraints that are about how many columns are NULL.
var countsNulls = lazyregexp.New(`\bnum_(non)?nulls\(|\bIS (NOT )?NULL\)?\)?::int`)

// moves lists the changes that may satisfy c, the least intrusive and the likeliest first.
func (r *repairer) moves(c *constraint) iter.Seq[move] {
	steps := []func(*constraint, func(move) bool) bool{
		tryAsIs, r.tryTogether, tryNoNulls, tryDistinct, r.tryMoreParents, tryValues, tryPlainValues, tryAllPlain, tryShift, tryNullSubsets, tryPairs, tryNullSubsetsWithValues, r.tryFewerRows,
	}
	if countsNulls.MatchString(string(c.text)) {
		steps = slices.Insert(steps, 2, tryNullSubsets, tryNullSubsetsWithValues)
	}
	return func(yield func(move) bool) {
		for _, step := range steps {
			if !step(c, yield) {
				return
			}
		}
	}
}

// A change is one part of a move.
type change struct {
	touches []any
	apply   func() (undo func())
}

func newMove(changes ...change) move {
	m := move{}
	for _, c := range changes {
		m.touches = append(m.touches, c.touches...)
	}
	m.apply = func() func() {
		var undo []func()
		for _, c := range changes {
			undo = append(undo, c.apply())
		}
		return func() {
			for _, u := range slices.Backward(undo) {
				u()
			}
		}
	}
	return m
}

// changeTo changes what place points to, a part of the plan that belongs to owner.
func changeTo[T any](owner any, place *T, to T) change {
	return change{touches: []any{owner}, apply: func() func() {
		old := *place
		*place = to
		return func() { *place = old }
	}}
}

// tryAsIs asks again: what was done for other constraints may have helped.
func tryAsIs(_ *constraint, yield func(move) bool) bool { return yield(newMove()) }

// tryNoNulls fills one column, then all.
func tryNoNulls(c *constraint, yield func(move) bool) bool {
	all := c.fill()
	for _, one := range all {
		if !yield(newMove(one)) {
			return false
		}
	}
	return len(all) < 2 || yield(newMove(all...))
}

// fill makes no column of c NULL that is so in some rows.
func (c *constraint) fill() []change {
	var changes []change
	for _, col := range c.columns {
		if col.nulls == nullSometimes || col.nulls == nullFirst {
			changes = append(changes, changeTo(col, &col.nulls, nullNever))
		}
	}
	return changes
}

// tryDistinct stops keys from repeating: a column moves out of step with the others or becomes distinct, then all do.
func tryDistinct(c *constraint, yield func(move) bool) bool {
	if !c.isKey {
		return true
	}
	var all []change
	for _, want := range []spread{staggeredRows, everyRow} {
		all = all[:0]
		for _, col := range c.columns {
			for at := col; at != nil; at = at.parent {
				if *at.spreadOf() == everyRow || *at.spreadOf() == want {
					continue
				}
				one := changeTo(at.spreadOwner(), at.spreadOf(), want)
				all = append(all, one)
				if !yield(newMove(one)) {
					return false
				}
			}
		}
	}
	return len(all) < 2 || yield(newMove(all...))
}

// roots are the columns that own the values of c's columns.
func (c *constraint) roots() []*column {
	var roots []*column
	for _, col := range c.columns {
		if root := col.root(); !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	return roots
}

// valuesFor lists the values to try in a column: what the constraint's own text suggests, then what the type offers.
func (c *constraint) valuesFor(col *column) []value {
	values := append(suggestValues(c.text, &col.dataType), col.candidates...)
	if col.constant != "" {
		values = append(values, constantValue(col.constant))
	}
	if !col.notNull && !col.referenced && slices.Contains(c.columns, col) {
		values = append(values, constantValue("NULL"))
	}
	for i := range values {
		values[i].guess = true
	}
	return values
}

func tryValues(c *constraint, yield func(move) bool) bool { return tryValuesWith(c, nil, yield) }

// tryPlainValues tries values without NULLs, then also without repetition in keys.
func tryPlainValues(c *constraint, yield func(move) bool) bool {
	fill, separate := c.fill(), c.separate()
	if len(fill) > 0 && !tryValuesWith(c, fill, yield) {
		return false
	}
	return len(separate) == 0 || tryValuesWith(c, append(fill, separate...), yield)
}

// tryAllPlain gives every column the value that benign rows have, for a CHECK on several that refuses each odd one:
// NULLs and duplicates are left.
func tryAllPlain(c *constraint, yield func(move) bool) bool {
	var plain []change
	for _, col := range c.roots() {
		if !col.table.kept {
			plain = append(plain, changeTo(col, &col.value, col.plain()[0]))
		}
	}
	return len(plain) < 2 || yield(newMove(plain...)) && yield(newMove(append(plain, c.fill()...)...))
}

// separate makes every column distinct that shares a key with a column of c, so that c's may have any value.
func (c *constraint) separate() []change {
	var changes []change
	var seen []*spread
	for _, u := range c.table.uniques {
		if !slices.ContainsFunc(c.columns, func(col *column) bool { return slices.Contains(u.columns, col) }) {
			continue
		}
		for _, col := range u.columns {
			if s := col.spreadOf(); *s != everyRow && !slices.Contains(seen, s) {
				seen = append(seen, s)
				changes = append(changes, changeTo(col.spreadOwner(), s, everyRow))
			}
		}
	}
	return changes
}

func tryValuesWith(c *constraint, more []change, yield func(move) bool) bool {
	for _, col := range c.roots() {
		for _, v := range c.valuesFor(col) {
			if !yield(newMove(append(slices.Clone(more), changeTo(col, &col.value, v))...)) {
				return false
			}
		}
	}
	return true
}

// tryShift makes a foreign key refer to another row: for columns that may not be equal, and trees without loops.
func tryShift(c *constraint, yield func(move) bool) bool {
	var tried []*foreignKey
	for _, col := range c.columns {
		if col.key == nil || slices.Contains(tried, col.key) {
			continue
		}
		tried = append(tried, col.key)
		for shift := 1; shift <= 2; shift++ {
			if !yield(newMove(append(c.fill(), changeTo(col.key, &col.key.shift, shift))...)) {
				return false
			}
		}
	}
	return true
}

func tryPairs(c *constraint, yield func(move) bool) bool {
	roots := c.roots()
	if len(roots) > 4 {
		return true
	}
	plain := slices.Clip(append(c.fill(), c.separate()...))
	for i, a := range roots {
		for _, b := range roots[i+1:] {
			for _, va := range atMost(c.valuesFor(a), maxPair) {
				for _, vb := range atMost(c.valuesFor(b), maxPair) {
					if !yield(newMove(append(plain, changeTo(a, &a.value, va), changeTo(b, &b.value, vb))...)) {
						return false
					}
				}
			}
		}
	}
	return true
}

// tryNullSubsets tries which columns to make NULL in all rows, as few as possible.
func tryNullSubsets(c *constraint, yield func(move) bool) bool {
	for _, nulls := range c.nullSubsets() {
		if !yield(newMove(nulls...)) {
			return false
		}
	}
	return true
}

// tryNullSubsetsWithValues tries the same with every value of one other column: its value decides, often, which of
// the others are NULL.
func tryNullSubsetsWithValues(c *constraint, yield func(move) bool) bool {
	nullable := c.nullable()
	for _, col := range c.roots() {
		if slices.Contains(nullable, col) {
			continue
		}
		for _, v := range c.valuesFor(col) {
			for _, nulls := range c.nullSubsets() {
				if !yield(newMove(append(nulls, changeTo(col, &col.value, v))...)) {
					return false
				}
			}
		}
	}
	return true
}

// nullSubsets lists the ways to have some columns of c NULL and the others not, those with few NULLs first.
func (c *constraint) nullSubsets() [][]change {
	nullable := atMost(c.nullable(), maxNullable)
	var masks []uint
	for mask := uint(1); mask < 1<<len(nullable); mask++ {
		masks = append(masks, mask)
	}
	slices.SortStableFunc(masks, func(a, b uint) int { return bits.OnesCount(a) - bits.OnesCount(b) })
	var subsets [][]change
	for _, mask := range masks {
		changes := c.fill()
		for i, col := range nullable {
			want := nullNever
			if mask>>i&1 == 1 {
				want = nullAlways
			}
			changes = append(changes, changeTo(col, &col.nulls, want))
		}
		subsets = append(subsets, changes)
	}
	return subsets
}

func (c *constraint) nullable() []*column {
	var nullable []*column
	for _, col := range c.columns {
		if col.table == c.table && !col.notNull && !col.referenced {
			nullable = append(nullable, col)
		}
	}
	return nullable
}

// tryFewerRows gives a table as many rows as a key that allows few values has, one
// in the end: UNIQUE ((true)). What refers to it has fewer as well.
func (r *repairer) tryFewerRows(c *constraint, yield func(move) bool) bool {
	for _, col := range c.roots() {
		for _, v := range c.valuesFor(col) {
			if v.size == 0 || v.size >= col.table.rows {
				continue
			}
			if !yield(newMove(changeTo(col, &col.value, v), r.setRows([]*table{col.table}, v.size))) {
				return false
			}
		}
	}
	if c.isKey && !r.tryLessRows(c, 2, yield) {
		return false
	}
	return c.table.rows == 1 || yield(newMove(r.setRows([]*table{c.table}, 1)))
}

func atMost[T any](list []T, n int) []T { return list[:min(n, len(list))] }
