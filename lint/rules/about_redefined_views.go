package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A lostIndex is one of a materialized view that is not made again with it.
type lostIndex struct {
	lint.Index
	last bool // no other unique one is left, by which REFRESH CONCURRENTLY finds rows
}

// lostIndexes are the indexes that a materialized view has and what takes its name has
// not, by whatever name.
func lostIndexes(p *lint.Pass, r removal, again *lint.Event) (lost []lostIndex) {
	before, after := p.Table(r.Relation()), p.CatalogFinal(r.Relation())
	if after == nil {
		after = p.FinalOf(again.Object)
	}
	if before == nil || after == nil {
		return nil
	}
	for _, ix := range before.Indexes {
		if !slices.ContainsFunc(after.Indexes, func(other lint.Index) bool { return isSameOver(ix, other) }) {
			lost = append(lost, lostIndex{ix, ix.Unique && !slices.ContainsFunc(after.Indexes, func(o lint.Index) bool { return o.Unique })})
		}
	}
	slices.SortFunc(lost, func(a, b lostIndex) int { return strings.Compare(a.Name, b.Name) })
	return lost
}

// isSameOver tells whether two indexes of the same columns do the same for queries.
func isSameOver(a, b lint.Index) bool {
	return a.Unique == b.Unique && a.Partial == b.Partial && (a.Name == b.Name || slices.Equal(a.Columns, b.Columns))
}

// madeAnew is what makes an object that goes with this statement again in the migration.
// Where only the server saw it go, as CASCADE takes a view, OR REPLACE makes it.
func madeAnew(p *lint.Pass, n facts.Name) *lint.Event {
	if again := p.MadeAgain(n); again != nil {
		return again
	}
	for e := range p.Object(n).Here(p) {
		if e.Verb&facts.Made != 0 && e.Statement != p.Statement {
			return &e
		}
	}
	return nil
}

// redefinedByCascade are the views that went through CASCADE and are made again below.
func redefinedByCascade(p *lint.Pass) (all []removal) {
	if !p.Tried() || p.Effect().Incomplete != "" {
		return nil
	}
	for i := range p.Effect().Dropped {
		o := &p.Effect().Dropped[i]
		if kind := facts.Kind(o.Kind); o.Cascade && (kind == facts.View || kind == facts.MaterializedView) {
			all = append(all, removal{Name: facts.Identity(kind, o.Name), seen: o})
		}
	}
	return all
}
