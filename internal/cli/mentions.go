package cli

import (
	"context"
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// mentions returns what tells the files of the base branch, outside the migrations,
// that contain a word; nil where there is nothing to compare with.
func (v *verdict) mentions(ctx context.Context) func(word string) []string {
	p := v.project
	if p.base == nil {
		return nil
	}
	search := p.base.Search(p.tree, slices.Concat(p.dirs, p.mute), v.brokenNames)
	return func(word string) []string { return search.Mentions(ctx, word) }
}

// brokenNames returns the names, with those of their tables, of all that the
// migrations under review drop, rename, move or change: code that uses it may break,
// and findings say where it is.
func (v *verdict) brokenNames() []string {
	var names []string
	for _, s := range v.sources {
		for _, m := range s.History.New {
			for _, statement := range m.Statements() {
				names = append(names, namesBrokenBy(statement, v.observed.Effect(statement))...)
			}
		}
	}
	return names
}

func namesBrokenBy(s *lint.Statement, seen *lint.Effect) (names []string) {
	add := func(n facts.Name) { names = append(names, n.Name, n.Relation().GetRelname()) }
	for _, f := range s.Facts() {
		if f.Verb&(facts.Dropped|facts.Renamed|facts.Moved|facts.Changed) != 0 {
			add(f.Name)
		}
	}
	if seen == nil {
		return names
	}
	for _, o := range seen.Dropped {
		if !o.Auto && !o.Cascade {
			add(facts.Identity(facts.Kind(o.Kind), o.Name))
		}
	}
	return names
}
