package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

// parseNewer makes the tree of a statement that the parser refuses, if what it refuses
// is newer than the parser and known.
func (s *Statement) parseNewer(text string) (tree *pg.Node) {
	tokens, err := Scan(text)
	if err != nil {
		return nil
	}
	older, found := newer.Bridge(text, tokens)
	if found == nil {
		return nil
	}
	s.Newer = found
	result, err := parseText(older)
	if err != nil || len(result.Stmts) != 1 {
		return nil
	}
	tree = result.Stmts[0].Stmt
	newer.Restore(tree, found)
	return tree
}

// markNotEnforced tells of the constraints among the facts which are NOT ENFORCED.
func (s *Statement) markNotEnforced() {
	if len(s.Newer) == 0 {
		return
	}
	known := newerPlaces(s)
	for i := range s.facts {
		if c, is := s.facts[i].Tree.(*facts.TableConstraint); is {
			c.NotEnforced = known[newerPlace{newer.NotEnforced, int(c.Location)}]
		}
	}
}

// IsNewer reports whether what the tree has at a location is, or holds, a kind of newer
// syntax: the location of a constraint, or where an action of ALTER TABLE begins.
func (s *Statement) IsNewer(kind newer.Kind, location int32) bool {
	return len(s.Newer) > 0 && Derived(s, newerPlaces)[newerPlace{kind, int(location)}]
}

// A newerPlace is a kind of newer syntax and what it is of, as its construct has it.
type newerPlace struct {
	kind newer.Kind
	of   int
}

func newerPlaces(s *Statement) map[newerPlace]bool {
	known := make(map[newerPlace]bool, len(s.Newer))
	for _, c := range s.Newer {
		known[newerPlace{c.Kind, c.Of}] = true
	}
	return known
}

// HasNewer reports whether a kind of newer syntax is anywhere in the statement.
func (s *Statement) HasNewer(kind newer.Kind) bool {
	return slices.ContainsFunc(s.Newer, func(c newer.Construct) bool { return c.Kind == kind })
}
