package lint

import (
	"iter"
	"sort"

	"github.com/migvet/migvet/lint/facts"
)

// An Object is one table, column, type, function … through all its names and
// schemas: RENAME and SET SCHEMA are events of it, not other objects. An object
// that no statement makes has stood there before the history began. All functions
// of one name are one object.
//
// A nil Object is one that nobody knows; it has no events.
type Object struct {
	kind facts.Kind

	of      *Object // the table of a part or an index
	names   []calledSince
	events  []Event   // in the order they run; a table has those of its columns, constraints and indexes, too
	made    *Event    // nil when it was there before
	dropped int32     // where in the history; 0 for never
	moving  []*Object // indexes and sequences that change the schema with their table
	over    []*Object // constraints, indexes and sequences that go with a column
	owner   *Object   // the column that a sequence goes with
	alone   bool      // a column or an index: IF NOT EXISTS, by which it was made, found none
	twin    *Object   // the index of a constraint, and the constraint of an index: they share their name

	columns    []*Object // of a key; of a foreign key those that it points at, none for the primary key
	references *Object   // the table that a foreign key points at
	referrers  []*Object // the foreign keys that point at a table
}

// A calledSince is a name an object has from some place in the history on.
type calledSince struct {
	place  int32
	schema *Object // nil for a role or another schema
	name   string
}

// Before yields what happened to the object before the statement of a pass, the
// nearest first.
func (o *Object) Before(p *Pass) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i := o.first(p.walk.place) - 1; i >= 0; i-- {
			if !yield(o.events[i]) {
				return
			}
		}
	}
}

// Until is Before with what the statement of the pass does itself in front.
func (o *Object) Until(p *Pass) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i := o.first(p.walk.place+1) - 1; i >= 0; i-- {
			if !yield(o.events[i]) {
				return
			}
		}
	}
}

// After yields what happens to the object behind the statement of a pass, in the
// order it runs.
func (o *Object) After(p *Pass) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i := o.first(p.walk.place + 1); o != nil && i < len(o.events); i++ {
			if !yield(o.events[i]) {
				return
			}
		}
	}
}

// Here yields what happens to the object in the statement of a pass, and behind
// it in the same migration.
func (o *Object) Here(p *Pass) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		end := p.walk.timeline.end(p.walk.migration)
		for i := o.first(p.walk.place); o != nil && i < len(o.events) && o.events[i].place < end; i++ {
			if !yield(o.events[i]) {
				return
			}
		}
	}
}

// Reviewed yields what the migrations under review do to the object, in the order
// it runs.
func (o *Object) Reviewed(p *Pass) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		for i := o.first(p.walk.timeline.reviewed); o != nil && i < len(o.events); i++ {
			if !yield(o.events[i]) {
				return
			}
		}
	}
}

// first returns the index of the first event at a place or behind it.
func (o *Object) first(place int32) int {
	if o == nil {
		return 0
	}
	return sort.Search(len(o.events), func(i int) bool { return o.events[i].place >= place })
}

// Made returns the event that made the object; nil when it was there before the
// history began.
func (o *Object) Made() *Event {
	if o == nil {
		return nil
	}
	return o.made
}

// IsNew reports whether the migrations under review made the object, or the table
// it belongs to, before the statement of a pass, so that nobody can be using it.
// IF NOT EXISTS makes a table, since it is nearly always out of habit, and a column or an
// index that the server, or else the history, does not have; OR REPLACE may find another
// object there.
func (o *Object) IsNew(p *Pass) bool { return o.isNewBefore(p.walk.place) }

func (o *Object) isNewBefore(place int32) bool {
	if o == nil {
		return false
	}
	if o.of.isNewBefore(place) {
		return true
	}
	made := o.made
	return made != nil && made.New && made.place < place && (!made.Maybe || o.alone || o.kind == facts.Table || o.kind == facts.MaterializedView)
}

// References returns the table that a foreign key points at; nil for others.
func (o *Object) References() *Object {
	if o == nil {
		return nil
	}
	return o.references
}

// Referrers returns the foreign keys that point at a table, those of the review among them.
func (o *Object) Referrers() []*Object {
	if o == nil {
		return nil
	}
	return o.referrers
}

// Is reports whether two are the same object; two that are nil are not.
func (o *Object) Is(other *Object) bool { return o != nil && o == other }

// Table returns the table that a part or an index belongs to; nil for others.
func (o *Object) Table() *Object {
	if o == nil {
		return nil
	}
	return o.of
}

// Name returns what the object is called before the statement of a pass.
func (o *Object) Name(p *Pass) facts.Name {
	if o == nil {
		return facts.Name{}
	}
	return o.nameAt(p.walk.place - 1)
}

// nameAt returns the name after the statement at a place.
func (o *Object) nameAt(place int32) facts.Name {
	i := sort.Search(len(o.names), func(i int) bool { return o.names[i].place > place })
	called := o.names[max(i-1, 0)]
	n := facts.Name{Kind: o.kind, Name: called.name}
	if o.kind.IsPart() && o.of != nil {
		table := o.of.nameAt(place)
		n.Schema, n.Table = table.Schema, table.Name
		return n
	}
	if called.schema != nil {
		n.Schema = called.schema.nameAt(place).Name
	}
	return n
}

// now is what the object is called at the end of what has been read.
func (o *Object) now() calledSince { return o.names[len(o.names)-1] }

// madeBy is the part of the parse tree that made the object; nil when it was there
// before.
func (o *Object) madeBy() any {
	if o.made == nil {
		return nil
	}
	return o.made.Tree
}

// isGone reports whether the object is not there any more after the statement at
// a place.
func (o *Object) isGone(place int32) bool {
	if o.dropped != 0 && o.dropped <= place {
		return true
	}
	if o.of != nil && o.of.isGone(place) {
		return true
	}
	schema := o.now().schema
	return schema != nil && schema.isGone(place)
}
