package lint

import "github.com/migvet/migvet/lint/facts"

// An Event is a fact at its place in the history.
type Event struct {
	*facts.Fact
	Statement *Statement
	Object    *Object // that the fact is about: for events of a table, also a part of it
	New       bool    // under review

	place int32
}

// IsBefore reports whether an event is before the statement of a pass.
func (e *Event) IsBefore(p *Pass) bool { return e.place < p.walk.place }

// IsBehind reports whether an event is in a later statement than another.
func (e *Event) IsBehind(other *Event) bool { return e.place > other.place }

// IsHere reports whether an event is in the migration of a pass.
func (e *Event) IsHere(p *Pass) bool {
	t := p.walk.timeline
	return e != nil && t.start(p.walk.migration) <= e.place && e.place < t.end(p.walk.migration)
}

// IsInTransaction reports whether an event is before the statement of a pass, in the
// same transaction.
func (e *Event) IsInTransaction(p *Pass) bool {
	return e != nil && p.Began() <= int(e.place) && e.place < p.walk.place
}
