package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A codeFact is what a command in a DO block of the review does to a relation by its text.
type codeFact struct {
	facts.Fact
	place     int
	statement *lint.Statement // the block
	command   *lint.Statement // in the block
}

// codeFacts are those that make, rename and empty relations, and that write and copy rows, by
// the names that the relations have behind it.
type codeFacts map[wholeName][]codeFact

// codeFactsOf returns what DO blocks above in the review do to a relation.
func codeFactsOf(p *lint.Pass, n facts.Name) []codeFact {
	all := lint.Remember(p, func() codeFacts { return readCodeFacts(p) })[wholeNamed(p, n)]
	behind := slices.IndexFunc(all, func(f codeFact) bool { return f.place >= p.Place() })
	if behind < 0 {
		return all
	}
	return all[:behind]
}

func readCodeFacts(p *lint.Pass) codeFacts {
	found, reviewed := codeFacts{}, reviewedBlocks(p)
	for place, s := range p.Statements() {
		if reviewed[s] {
			found.read(p, place, s)
		}
	}
	return found
}

func (found codeFacts) read(p *lint.Pass, place int, block *lint.Statement) {
	for c := range writtenCommands(block) {
		for _, s := range c.Statements {
			for _, f := range s.Facts() {
				found.add(p, codeFact{f, place, block, s})
			}
		}
	}
}

func (found codeFacts) add(p *lint.Pass, f codeFact) {
	name := f.Name
	switch {
	case !name.Kind.IsRelation():
		return
	case f.Verb&facts.Renamed != 0:
		name = *f.To
	case f.Verb&(facts.Made|facts.Emptied|facts.Updated|facts.Copied) == 0:
		return
	}
	found[wholeNamed(p, name)] = append(found[wholeNamed(p, name)], f)
}

// reviewedBlocks returns the DO blocks under review.
func reviewedBlocks(p *lint.Pass) map[*lint.Statement]bool {
	blocks := map[*lint.Statement]bool{}
	for _, m := range p.History.New {
		for _, s := range m.Statements() {
			if s.Node.GetDoStmt() != nil {
				blocks[s] = true
			}
		}
	}
	return blocks
}

// isMadeByCode tells whether a DO block of the review made a relation, or gave it the name
// as one that the review had made: without a server, the text is all there is. One that the
// base branch makes was there, whatever a block says behind IF.
func isMadeByCode(p *lint.Pass, n facts.Name) bool {
	if made := p.Object(n).Made(); made != nil && !made.New {
		return false
	}
	for _, f := range codeFactsOf(p, n) {
		switch {
		case p.EffectOf(f.statement) != nil:
			continue // what it made is known
		case f.Verb&facts.Made != 0:
			return true
		case f.Verb&facts.Renamed != 0 && p.Object(f.Name).IsNew(p):
			return true
		}
	}
	return false
}

// isEmptiedAbove tells whether earlier statements of the review took all rows of a table,
// which is told of there.
func isEmptiedAbove(p *lint.Pass, r removal) bool {
	if isEmptied(p, r.Relation()) {
		return true
	}
	if p.Tried() {
		return r.seen != nil && r.seen.Values == 0 && lostItsRows(p, r.Name)
	}
	return slices.ContainsFunc(codeFactsOf(p, r.Name), func(f codeFact) bool { return f.Verb&facts.Emptied != 0 })
}

// lostItsRows tells whether an earlier statement of the review was seen to take rows of a
// table.
func lostItsRows(p *lint.Pass, n facts.Name) bool {
	first, known := lint.Remember(p, func() firstLosses { return readFirstLosses(p) })[wholeNamed(p, n)]
	return known && first < p.Place()
}

// firstLosses are the places of the first statements that took rows of tables.
type firstLosses map[wholeName]int

func readFirstLosses(p *lint.Pass) firstLosses {
	first := firstLosses{}
	for place, s := range p.Statements() {
		e := p.EffectOf(s)
		if e == nil {
			continue
		}
		for _, loss := range e.Lost {
			if name := wholeNamed(p, facts.Identity(facts.Table, loss.Table)); first[name] == 0 {
				first[name] = place
			}
		}
	}
	return first
}
