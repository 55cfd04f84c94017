package lint

import (
	"sort"

	"github.com/migvet/migvet/lint/facts"
)

// A timeline knows, for each name and each place in a history, which object has
// the name there, and what happens to it. It is built in one walk over the facts
// of all statements; nothing changes it after that.
//
// The place of a statement is its number in the history, from 1; 0 is before it.
type timeline struct {
	bindings map[scope][]binding
	base     []*Migration // the migrations of the base branch that were read

	hasTemporary bool    // some relation: else no name without a schema is looked for there
	ends         []int32 // one behind the last statement of each migration
	moves        int
	reviewed     int32                  // the place of the first statement under review
	kinds        map[facts.Kind][]Event // of functions, triggers, rules and types
	renames      []Event                // of relations and types, also to other schemas
	tables       []*Object              // that statements make, temporary ones left out
	opaque       []*Statement           // whose text does not say what they do
	paths        []pathSince            // in their order; none as long as it is public
}

// A scope is a name where it must be unique: among the relations of a schema,
// the columns of a table, the roles.
type scope struct {
	space facts.Kind
	in    *Object // a schema or a table; nil for what is in none
	name  string
}

// A binding says which object a name means from a place on; nil for none.
type binding struct {
	place  int32
	object *Object
	by     *Event // that gave it the name; nil for what was there before
}

// newTimeline reads the statements of a history: base, then the migrations under
// review. For a DO block it takes what a server observed.
func newTimeline(h *History, base []*Migration, o *Observed) *timeline {
	statements := 0
	for _, list := range [][]*Migration{base, h.New} {
		for _, m := range list {
			statements += len(m.Statements())
		}
	}
	b := builder{
		observed:    o,
		timeline:    &timeline{base: base, bindings: make(map[scope][]binding, 2*statements), kinds: map[facts.Kind][]Event{}}, // as many as most have
		constraints: map[constraintName][]*Object{},
		outlasts:    h.Outlasts == nil || h.Outlasts("search_path"),
		session:     sessionPath{start: newSearchPath(h.SearchPath)},
	}
	b.session.restart()
	for _, m := range base {
		b.migration(m)
		b.endSession()
	}
	b.isNew = true
	b.session.restart()
	b.timeline.reviewed = b.place + 1
	for _, m := range h.New {
		b.migration(m)
	}
	return b.timeline
}

// last returns the place of the last statement.
func (t *timeline) last() int32 { return t.ends[len(t.ends)-1] - 1 }

// end returns the place behind the last statement of a migration under review.
func (t *timeline) end(migration int) int32 { return t.ends[len(t.base)+migration] }

// start returns the place of the first statement of a migration under review.
func (t *timeline) start(migration int) int32 {
	if before := len(t.base) + migration - 1; before >= 0 {
		return t.ends[before]
	}
	return 1
}

// find returns the object that has a name, with its schema, after the statement at a
// place; nil when no statement up to there speaks of it.
func (t *timeline) find(n facts.Name, place int32) *Object {
	return t.at(t.scopeAt(n, place), place).object
}

// at returns the binding of a scope after the statement at a place.
func (t *timeline) at(s scope, place int32) binding {
	if s.name == "" {
		return binding{}
	}
	all := t.bindings[s]
	i := sort.Search(len(all), func(i int) bool { return all[i].place > place })
	if i == 0 {
		return binding{}
	}
	return all[i-1]
}

// scopeAt says where a name must be unique, as the names around it mean after
// the statement at a place. It has no name when nothing is known of these.
func (t *timeline) scopeAt(n facts.Name, place int32) scope {
	switch {
	case n.Kind.IsPart():
		table := t.find(n.OfTable(), place)
		if table == nil {
			return scope{}
		}
		return scope{n.Kind.Space(), table, n.Name}
	case isGlobal(n.Kind):
		return scope{space: n.Kind, name: n.Name}
	}
	schema := t.at(scope{space: facts.Schema, name: schemaName(n.Schema)}, place).object
	if schema == nil {
		return scope{}
	}
	return scope{n.Kind.Space(), schema, n.Name}
}

// again returns the first event at or behind a place, and before an end, by which
// an object gets a name. A name that PostgreSQL chooses says nothing: the new
// primary key over other columns is called like the old one.
func (t *timeline) again(s scope, place, end int32) *Event {
	all := t.bindings[s]
	for i := sort.Search(len(all), func(i int) bool { return all[i].place >= place }); i < len(all) && all[i].place < end; i++ {
		if by := all[i].by; all[i].object != nil && by != nil && !by.Derived {
			return by
		}
	}
	return nil
}

// gone returns the last event under review before a place by which a name became
// free.
func (t *timeline) gone(s scope, place int32) *Event {
	all := t.bindings[s]
	for i := sort.Search(len(all), func(i int) bool { return all[i].place >= place }) - 1; i >= 0; i-- {
		if by := all[i].by; all[i].object == nil && by != nil && by.New {
			return by
		}
	}
	return nil
}

// isGlobal reports whether objects of a kind are in no schema.
func isGlobal(k facts.Kind) bool {
	switch k {
	case facts.Schema, facts.Extension, facts.Publication, facts.Subscription, facts.Role, facts.Setting, facts.Prepared, facts.Database, "server", "foreign-data wrapper", "event trigger", "language", "access method", "cast":
		return true
	}
	return false
}

// schemaName is public where nothing says a schema.
func schemaName(name string) string {
	if name == "" {
		return "public"
	}
	return name
}
