package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// madeNames names the objects that a statement makes, and what it gives another
// name.
func madeNames(s *lint.Statement) []facts.Name {
	var names []facts.Name
	for _, f := range s.Facts() {
		switch {
		case f.Derived, f.Name.Name == "":
		case f.Verb&facts.Made != 0:
			names = append(names, f.Name)
		case f.Verb&facts.Renamed != 0:
			names = append(names, *f.To)
		}
	}
	return names
}

// isNewObject tells whether the migrations under review made the object, or
// the table it belongs to, so that nobody can be using it. What loses nothing when
// it goes is as good as new under a new name.
func isNewObject(p *lint.Pass, n facts.Name) bool {
	if t := n.Relation(); t != nil && (p.IsNew(t) || isMadeByCode(p, facts.Named(facts.Table, t))) {
		return true
	}
	o := p.Object(n)
	if o.IsNew(p) {
		return true
	}
	for e := range o.Before(p) {
		if !e.New {
			break
		}
		if n.Kind.IsRoutine() && e.Verb&facts.Made != 0 && isFirst(p, &e) || e.Verb&facts.Renamed != 0 && !holdsData(n.Kind) {
			return true
		}
	}
	return false
}

// holdsData tells whether renaming an object keeps something that dropping it
// under its new name would lose.
func holdsData(k facts.Kind) bool {
	return slices.Contains([]facts.Kind{facts.Table, facts.Column, facts.Sequence, facts.Schema, facts.Constraint, facts.Index}, k)
}

// formerName returns the name of what takes an object's place, where that is
// renamed and not made; "" else.
func formerName(again *lint.Event) string {
	if again == nil || again.Verb&facts.Renamed == 0 {
		return ""
	}
	return again.Name.Name
}

// columnIsNew tells whether the migrations under review made the column.
func columnIsNew(p *lint.Pass, table *pg.RangeVar, name string) bool {
	return p.Object(facts.PartOf(facts.Column, table, name)).IsNew(p)
}

// droppedBefore tells whether an earlier statement of the migration drops an
// object of the same name.
func droppedBefore(p *lint.Pass, n facts.Name) bool { return p.Gone(n).IsHere(p) }

// isFirst tells whether a statement makes an object that was not there: OR REPLACE
// does where nothing before it says that there was one. DROP … IF EXISTS does not.
func isFirst(p *lint.Pass, e *lint.Event) bool {
	if !e.Maybe {
		return true
	}
	if made := e.Object.Made(); made != nil {
		return made.Statement == e.Statement
	}
	for earlier := range e.Object.Before(p) {
		if !earlier.Maybe {
			return false
		}
	}
	return true
}
