package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A knowledge says what is known, without a server, of an object that a statement drops.
type knowledge uint8

const (
	isKnown    knowledge = iota // an earlier statement speaks of it, or the drop insists on it
	isUnheard                   // no earlier statement does, and others may have made it
	isNotThere                  // no statement of a whole history makes it
)

// knowledgeOf is about DROP TABLE IF EXISTS queue in front of CREATE TABLE queue (…), as
// files are written that can run twice: IF EXISTS does not mean that there is one.
func knowledgeOf(p *lint.Pass, r removal) knowledge {
	if p.Tried() || r.Kind.IsPart() || !p.Node().GetDropStmt().GetMissingOk() || p.MadeAgain(r.Name) == nil {
		return isKnown
	}
	heard := lint.Remember(p, func() heardNames { return findHeardNames(p) })
	if place, is := heard.first[heardName{r.Kind.Space(), r.Name.Name}]; is && place < p.Place() || isInText(p, r.Name.Name) {
		return isKnown
	}
	if heard.isWhole {
		return isNotThere
	}
	return isUnheard
}

// heardNames are the names that statements speak of, whatever the schema: nobody knows
// where a search path led them. DROP … IF EXISTS alone says nothing of an object.
type heardNames struct {
	first   map[heardName]int // the place of the first statement that does
	isWhole bool              // the base makes what it alters, and nothing in it is hidden
}

type heardName struct {
	space facts.Kind
	name  string
}

func findHeardNames(p *lint.Pass) heardNames {
	heard := heardNames{first: map[heardName]int{}, isWhole: len(p.History.Base) > 0}
	for _, m := range p.History.Base {
		heard.isWhole = heard.isWhole && m.Opaque == ""
	}
	for place, s := range p.Statements() {
		if altered := alteredTable(s); altered != "" {
			_, made := heard.first[heardName{facts.Table, altered}]
			heard.isWhole = heard.isWhole && made
		}
		for _, f := range s.Facts() {
			if f.Verb&facts.Dropped == 0 || !f.Maybe {
				heard.add(f.Name, place)
			}
			if f.To != nil {
				heard.add(*f.To, place)
			}
		}
	}
	return heard
}

func (h heardNames) add(n facts.Name, place int) {
	for _, n := range []facts.Name{n, n.OfTable()} {
		key := heardName{n.Kind.Space(), n.Name}
		if _, is := h.first[key]; !is {
			h.first[key] = place
		}
	}
}

// isInText tells whether a block, or other text that is not parsed, speaks of a name.
func isInText(p *lint.Pass, name string) bool {
	return slices.ContainsFunc(p.Opaque(), func(s *lint.Statement) bool {
		return strings.Contains(strings.ToLower(s.SQL), strings.ToLower(name))
	})
}

// alteredTable names the table that a statement needs; "" for none.
func alteredTable(s *lint.Statement) string {
	if alter := s.Node.GetAlterTableStmt(); alter != nil && !alter.MissingOk {
		return alter.Relation.GetRelname()
	}
	return s.Node.GetIndexStmt().GetRelation().GetRelname()
}
