package lint

import (
	"iter"
	"slices"
	"sort"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// Object returns what has a name before the statement; nil when no earlier
// statement speaks of it. Of the base branch only those statements are read that
// have to do with what the review names.
func (p *Pass) Object(n facts.Name) *Object { return p.walk.find(n, p.walk.place-1) }

// Relation returns the relation that has a name before the statement; nil when
// no earlier statement speaks of it.
func (p *Pass) Relation(r *pg.RangeVar) *Object {
	if r == nil {
		return nil
	}
	return p.Object(facts.Named(facts.Table, r))
}

// ObjectAfter returns the object with a name after the statement: in CREATE TABLE a
// (…) the new table a, which [Pass.Object] does not know yet.
func (p *Pass) ObjectAfter(n facts.Name) *Object { return p.walk.find(n, p.walk.place) }

// MadeAgain returns the event by which something gets a name in this statement or
// behind it in the same migration; nil when nothing does. So tools redefine what
// cannot be replaced: DROP TYPE, then CREATE TYPE. What a repeatable migration of the review
// makes behind it counts, too: DROP VIEW in V2__a.sql, CREATE VIEW in R__view.sql.
func (p *Pass) MadeAgain(n facts.Name) *Event {
	if n.Kind.IsRoutine() {
		for e := range p.Object(n).Here(p) {
			if e.Verb&facts.Made != 0 {
				return &e
			}
		}
		for e := range p.Object(n).After(p) {
			if e.Verb&facts.Made != 0 && p.isRepeatable(e.place) {
				return &e
			}
		}
		return nil
	}
	t := p.walk.timeline
	s := p.scopeBefore(n)
	if by := t.again(s, p.walk.place, t.end(p.walk.migration)); by != nil {
		return by
	}
	for i := p.walk.migration + 1; i < len(p.History.New); i++ {
		if !p.History.New[i].Repeatable {
			continue
		}
		if by := t.again(s, t.start(i), t.end(i)); by != nil {
			return by
		}
	}
	return nil
}

// isRepeatable tells whether the statement at a place is of a repeatable migration.
func (p *Pass) isRepeatable(place int32) bool {
	for i, m := range p.History.New {
		if m.Repeatable && p.walk.timeline.start(i) <= place && place < p.walk.timeline.end(i) {
			return true
		}
	}
	return false
}

// ComesBack is MadeAgain, but to the end of the history.
func (p *Pass) ComesBack(n facts.Name) *Event {
	return p.walk.timeline.again(p.scopeBefore(n), p.walk.place, p.walk.timeline.last()+1)
}

// Gone returns the event by which an earlier statement under review took the name
// from what had it; nil when none did.
func (p *Pass) Gone(n facts.Name) *Event {
	return p.walk.timeline.gone(p.scopeBefore(n), p.walk.place)
}

// scopeBefore says where a name must be unique before the statement.
func (p *Pass) scopeBefore(n facts.Name) scope {
	return p.walk.timeline.scopeAt(p.walk.qualified(n, p.walk.place-1), p.walk.place-1)
}

// Happened yields what happened to all objects of a kind before the statement,
// the nearest first. The kind is Function for all routines, Trigger, Rule, Type or Publication;
// of others, ask for an object.
func (p *Pass) Happened(kind facts.Kind) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		events := p.walk.timeline.kinds[kind]
		before := sort.Search(len(events), func(i int) bool { return events[i].place >= p.walk.place })
		for _, e := range slices.Backward(events[:before]) {
			if !yield(e) {
				return
			}
		}
	}
}

// Reviewed yields what the migrations under review do to objects of a kind, as
// Happened has them, in the order it runs.
func (p *Pass) Reviewed(kind facts.Kind) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for _, e := range p.walk.timeline.kinds[kind] {
			if e.New && !yield(e) {
				return
			}
		}
	}
}

// Renames yields the events before the statement by which relations and types get
// other names or schemas, in the order they run.
func (p *Pass) Renames() iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for _, e := range p.walk.timeline.renames {
			if !e.IsBefore(p) || !yield(e) {
				return
			}
		}
	}
}

// Tables returns the tables that the statements of the history make, in their
// order; partitions among them, temporary ones not.
func (p *Pass) Tables() []*Object { return p.walk.timeline.tables }

// Opaque returns the statements of the history whose text does not say what they
// do to which objects: DO blocks, and syntax that the parser does not know.
func (p *Pass) Opaque() []*Statement { return p.walk.timeline.opaque }
