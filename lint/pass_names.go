package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// SearchPath are the schemas in which the statement finds names without one, in this
// order; nil stands for public alone.
func (p *Pass) SearchPath() []string { return p.walk.timeline.pathAt(p.walk.place) }

// KeepsSearchPath reports whether names without a schema mean behind the statement what
// they meant before it.
func (p *Pass) KeepsSearchPath() bool {
	if e := p.Effect(); p.Tried() && e.Before != nil && e.After != nil {
		return slices.Equal(e.Before.SearchPath, e.After.SearchPath)
	}
	return slices.Equal(p.walk.timeline.pathAt(p.walk.place), p.walk.timeline.pathAt(p.walk.place+1))
}

// HomeSchema is the schema in which the statement makes what it names without one.
func (p *Pass) HomeSchema() string { return p.walk.timeline.pathAt(p.walk.place).home() }

// Same reports whether two names can mean one object where the statement stands:
// under the search path app, public orders can be app.orders or public.orders.
func (p *Pass) Same(a, b facts.Name) bool { return a.SameIn(p.SearchPath(), b) }

// SameRelation is [Pass.Same] for relations.
func (p *Pass) SameRelation(a, b *pg.RangeVar) bool {
	return facts.SameRelationIn(p.SearchPath(), a, b)
}

// Qualified gives a name the schema in which the statement finds the object; that in
// which it would make one, when there is none.
func (p *Pass) Qualified(n facts.Name) facts.Name {
	if n.Schema != "" {
		return n
	}
	if r := n.Relation(); r != nil {
		if n.Schema = p.foundIn(r); n.Schema != "" {
			return n
		}
	}
	return p.walk.qualified(n, p.walk.place-1)
}
