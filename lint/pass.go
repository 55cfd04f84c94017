package lint

import (
	"fmt"
	"iter"
	"slices"
	"sort"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A Pass is all that a rule sees: one statement of a migration under review,
// and what surrounds it.
type Pass struct {
	History   *History
	Migration *Migration
	Statement *Statement

	walk *walk
	rule *Rule
}

// Node returns the statement's parse tree; nil for syntax the parser does not
// know.
func (p *Pass) Node() *pg.Node { return p.Statement.Node }

// Effect returns what the statement did on a server; nil when it was not tried.
func (p *Pass) Effect() *Effect { return p.EffectOf(p.Statement) }

// EffectOf returns what any statement of the history did on a server; nil when
// it was not tried, as those of the base branch never are.
func (p *Pass) EffectOf(s *Statement) *Effect { return p.walk.options.Observed.Effect(s) }

// Tried tells whether the statement ran on a server without being refused, so
// that its Effect says all there is.
func (p *Pass) Tried() bool {
	e := p.Effect()
	return e != nil && e.Err == nil
}

// Facts returns what the statement does to objects, as its text says it.
func (p *Pass) Facts() []facts.Fact { return p.Statement.Facts() }

// Object returns what has a name before the statement; nil when no earlier
// statement speaks of it. Of the base branch only those statements are read that
// have to do with what the review names.
func (p *Pass) Object(n facts.Name) *Object { return p.walk.timeline.find(n, p.place()-1) }

// Relation returns the relation that has a name before the statement; nil when
// no earlier statement speaks of it.
func (p *Pass) Relation(r *pg.RangeVar) *Object {
	if r == nil {
		return nil
	}
	return p.Object(facts.Named(facts.Table, r))
}

// Left returns what has a name after the statement: also what it makes.
func (p *Pass) Left(n facts.Name) *Object { return p.walk.timeline.find(n, p.place()) }

// MadeAgain returns the event by which something gets a name in this statement or
// behind it in the same migration; nil when nothing does. So tools redefine what
// cannot be replaced: DROP TYPE, then CREATE TYPE.
func (p *Pass) MadeAgain(n facts.Name) *Event {
	if n.Kind.IsRoutine() {
		for e := range p.Object(n).Here(p) {
			if e.Verb&facts.Made != 0 {
				return &e
			}
		}
		return nil
	}
	t := p.walk.timeline
	return t.again(t.scopeAt(n, p.place()-1), p.place(), t.end(p.walk.migration))
}

// Gone returns the event by which an earlier statement under review took the name
// from what had it; nil when none did.
func (p *Pass) Gone(n facts.Name) *Event {
	t := p.walk.timeline
	return t.gone(t.scopeAt(n, p.place()-1), p.place())
}

// Tables returns the tables that the statements of the history make, in their
// order; partitions among them, temporary ones not.
func (p *Pass) Tables() []*Object { return p.walk.timeline.tables }

// Opaque returns the statements of the history whose text does not say what they
// do to which objects: DO blocks, and syntax that the parser does not know.
func (p *Pass) Opaque() []*Statement { return p.walk.timeline.opaque }

// Remember returns what compute makes of the history, which it is asked for once
// a run for each type. It is for what is the same for every statement.
func Remember[T any](p *Pass, compute func() T) T {
	for _, known := range p.walk.remembered {
		if value, is := known.(T); is {
			return value
		}
	}
	made := compute()
	p.walk.remembered = append(p.walk.remembered, made)
	return made
}

// ComesBack is MadeAgain, but to the end of the history.
func (p *Pass) ComesBack(n facts.Name) *Event {
	t := p.walk.timeline
	return t.again(t.scopeAt(n, p.place()-1), p.place(), t.last()+1)
}

// Happened yields what happened to all objects of a kind before the statement,
// the nearest first. The kind is Function for all routines, Trigger, Rule or Type;
// of others, ask for an object.
func (p *Pass) Happened(kind facts.Kind) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		events := p.walk.timeline.kinds[kind]
		before := sort.Search(len(events), func(i int) bool { return events[i].place >= p.place() })
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

// Statements yields the statements of the history with their places, of the base
// branch those that can say something of the review. It is for what has no name,
// and for [Remember], so that it is read once.
func (p *Pass) Statements() iter.Seq2[int, *Statement] {
	return func(yield func(int, *Statement) bool) {
		place := 0
		for _, list := range [][]*Migration{p.walk.timeline.base, p.History.New} {
			for _, m := range list {
				for _, s := range m.Statements() {
					if place++; !yield(place, s) {
						return
					}
				}
			}
		}
	}
}

// Place is the number of the statement in the history, from 1.
func (p *Pass) Place() int { return int(p.walk.place) }

// Above returns the statements before this one in its migration.
func (p *Pass) Above() []*Statement { return p.Migration.Statements()[:p.walk.statement] }

// Below returns the statements behind this one in its migration.
func (p *Pass) Below() []*Statement { return p.Migration.Statements()[p.walk.statement+1:] }

// IsBefore tells whether an event is before the statement of a pass.
func (e *Event) IsBefore(p *Pass) bool { return e.place < p.place() }

// RememberHere is Remember for what depends on the statement: each walk computes
// it once a statement. Nobody may change it.
func RememberHere[T any](p *Pass, compute func() T) T {
	for _, known := range p.walk.here {
		if value, is := known.(T); is {
			return value
		}
	}
	made := compute()
	p.walk.here = append(p.walk.here, made)
	return made
}

// IsBehind tells whether an event is in a later statement than another.
func (e *Event) IsBehind(other *Event) bool { return e.place > other.place }

// IsHere tells whether an event is in the migration of a pass.
func (e *Event) IsHere(p *Pass) bool {
	t := p.walk.timeline
	return e != nil && t.start(p.walk.migration) <= e.place && e.place < t.end(p.walk.migration)
}

// place is the statement's number in the history, from 1.
func (p *Pass) place() int32 { return p.walk.place }

// Table returns a relation as it was before the statement: as a server had it,
// or as the SQL of the history leaves it. It is nil when nothing is known of it.
func (p *Pass) Table(r *pg.RangeVar) *Table {
	if t := p.Catalog(r); t != nil {
		return t
	}
	return p.Folded(r)
}

// TableAfter returns a relation as the statement leaves it; nil when nothing is
// known of it.
func (p *Pass) TableAfter(r *pg.RangeVar) *Table {
	if r == nil || p.Tried() {
		return p.After(r)
	}
	return p.walk.folded(p.Left(facts.Named(facts.Table, r)), after, p.place())
}

// TableFinal returns a relation as all migrations under review leave it; nil when
// nothing is known of it.
func (p *Pass) TableFinal(r *pg.RangeVar) *Table {
	if t := p.Final(r); t != nil {
		return t
	}
	if r == nil {
		return nil
	}
	return p.FinalOf(p.Left(facts.Named(facts.Table, r)))
}

// FinalOf returns a table as the SQL of all migrations leaves it; nil when it is
// dropped.
func (p *Pass) FinalOf(o *Object) *Table {
	return p.walk.folded(o, final, p.walk.timeline.last())
}

// Folded returns a relation as the SQL of the history leaves it before the
// statement, whatever a server showed; nil when no earlier statement speaks of
// it.
func (p *Pass) Folded(r *pg.RangeVar) *Table {
	return p.walk.folded(p.Relation(r), before, p.place()-1)
}

// Catalog returns a relation as a server had it before the statement; nil when it
// is not known: nothing was tried, or it does not exist.
func (p *Pass) Catalog(r *pg.RangeVar) *Table {
	e := p.Effect()
	if e == nil || r == nil {
		return nil
	}
	return e.Before.Find(r.Schemaname, r.Relname)
}

// After returns a relation as it was after the statement on a server; nil when
// not known.
func (p *Pass) After(r *pg.RangeVar) *Table {
	e := p.Effect()
	if e == nil || r == nil {
		return nil
	}
	return e.After.Find(r.Schemaname, r.Relname)
}

// Final returns a relation as a server had it after all migrations under review;
// nil when not known.
func (p *Pass) Final(r *pg.RangeVar) *Table {
	if r == nil {
		return nil
	}
	return p.FinalSchema().Find(r.Schemaname, r.Relname)
}

// FinalSchema returns the tables that the migrations under review touch as all
// of these leave them; nil when not known.
func (p *Pass) FinalSchema() *Schema { return p.walk.options.Observed.Final(p.History) }

// IsNew tells whether the migrations under review made the relation, so that
// nobody can be using it and it holds only what they put there.
func (p *Pass) IsNew(r *pg.RangeVar) bool {
	if t := p.Catalog(r); t != nil {
		return t.New
	}
	return p.Relation(r).IsNew(p)
}

// Transaction says what holds a transaction open around the statement, in
// words that fit behind "because"; "" when there is none.
func (p *Pass) Transaction() string { return p.walk.tx.open }

// InTransaction tells whether the statement runs inside a transaction.
func (p *Pass) InTransaction() bool { return p.walk.tx.open != "" }

// Began is the place of the first statement of the transaction that the statement
// runs in; its own place when it runs in none.
func (p *Pass) Began() int {
	if !p.InTransaction() {
		return p.Place()
	}
	return int(p.walk.tx.began)
}

// Locked returns the tables in use that earlier statements of the transaction
// locked strongly by what their text says, in the order of the first lock of each.
func (p *Pass) Locked() []facts.Name { return p.walk.tx.locked }

// LastLocked names the table that an earlier statement of the transaction locked
// against writes last, by what a server saw or the text says; "" for none.
func (p *Pass) LastLocked() string { return p.walk.tx.lastLocked }

// IsInTransaction tells whether an event is before the statement of a pass, in the
// same transaction.
func (e *Event) IsInTransaction(p *Pass) bool {
	return e != nil && p.Began() <= int(e.place) && e.place < p.place()
}

// Later yields the statements after this one in the order they run. It is for
// what has no name: code that calls something.
func (p *Pass) Later() iter.Seq[*Statement] {
	return func(yield func(*Statement) bool) {
		rest := p.Below()
		for i := p.walk.migration; ; {
			for _, s := range rest {
				if !yield(s) {
					return
				}
			}
			if i++; i == len(p.History.New) {
				return
			}
			rest = p.History.New[i].Statements()
		}
	}
}

// Mentions returns the files of the base branch, outside the migrations, that
// contain a word; nil when nobody can tell.
func (p *Pass) Mentions(word string) []string {
	if p.walk.options.Mentions == nil {
		return nil
	}
	return p.walk.options.Mentions(word)
}

// Reportf reports a finding at a location of the parse tree (bytes from the
// statement's start; negative means the start). The finding may be changed
// until Check returns.
func (p *Pass) Reportf(location int32, format string, args ...any) *Finding {
	start := p.Statement.Start
	if location > 0 && int(location) < len(p.Statement.SQL) {
		start += int(location)
	}
	f := p.rule.AtStatement(p.Migration, p.Statement, fmt.Sprintf(format, args...))
	f.Start = start
	p.walk.findings = append(p.walk.findings, &f)
	return &f
}

// Offer adds a repair to a finding: text in place of the bytes from start to
// end of the statement. What turns out to do harm is taken back. Repairs by
// rules of the groups Lock and Tx leave the same schema behind as the statement
// without them.
func (p *Pass) Offer(f *Finding, start, end int, text string) {
	at := p.Statement.Start
	f.Edits = append(f.Edits, Edit{Span{at + start, at + end}, text})
}

// Measured adds what the server showed to a finding, if it was tried; empty
// text adds nothing.
func (p *Pass) Measured(f *Finding, format string, args ...any) {
	e := p.Effect()
	if text := fmt.Sprintf(format, args...); e != nil && text != "" {
		f.Evidence = "measured on PostgreSQL " + e.Postgres + ": " + text
	}
}
