package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// maxCompared bounds how often foreign keys are held against a key that is dropped:
// thousands of both. Foreign keys stay behind it.
const maxCompared = 1_000_000

// drop takes an object out of the history with all that goes along. Of functions
// another of the name may stay.
func (b *builder) drop(o *Object, e Event) {
	e.Object = o
	b.happens(o, e)
	if o.kind.IsRoutine() {
		return
	}
	b.unbind(o, &e)
	if e.Cascades() {
		b.dropReferrers(o, e)
	}
	if o.twin != nil {
		b.dropAlong(o.twin, e)
	}
	for _, other := range o.over {
		b.dropAlong(other, e)
	}
	for _, other := range o.moving {
		if other.dropped == 0 {
			b.unbind(other, &e)
		}
	}
}

// dropAlong drops what goes with the object of an event.
func (b *builder) dropAlong(o *Object, e Event) {
	if o.isGone(b.place) {
		return
	}
	e.Fact = &facts.Fact{Verb: facts.Dropped, Name: o.nameAt(b.place), Tree: e.Tree}
	b.drop(o, e)
}

// dropReferrers drops the foreign keys that go with a table, or with the key that
// they point at.
func (b *builder) dropReferrers(o *Object, e Event) {
	table := o
	if o.kind == facts.Constraint {
		table = o.of
	}
	table.referrers = slices.DeleteFunc(table.referrers, func(key *Object) bool { return key.isGone(b.place) })
	if b.compared += len(table.referrers); b.compared > maxCompared {
		return
	}
	for _, key := range table.referrers {
		if pointsAt(key, o) {
			b.dropAlong(key, e)
		}
	}
}

// pointsAt reports whether a foreign key points at a table, or at the columns of a
// key of it, in whatever order; without columns it is the primary key.
func pointsAt(foreign, o *Object) bool {
	if o.kind != facts.Constraint {
		return true
	}
	if len(foreign.columns) == 0 {
		key, is := o.madeBy().(*facts.TableConstraint)
		return is && key.Contype == pg.ConstrType_CONSTR_PRIMARY
	}
	return len(foreign.columns) == len(o.columns) &&
		!slices.ContainsFunc(o.columns, func(c *Object) bool { return !slices.Contains(foreign.columns, c) })
}

// unbind takes an object out of the history.
func (b *builder) unbind(o *Object, e *Event) {
	o.dropped = b.place
	b.bind(b.scopeOf(o), nil, e)
}
