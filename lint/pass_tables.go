package lint

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

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
		return p.CatalogAfter(r)
	}
	return p.walk.folded(p.ObjectAfter(facts.Named(facts.Table, r)), afterStatement, p.place())
}

// TableFinal returns a relation as all migrations under review leave it; nil when
// nothing is known of it.
func (p *Pass) TableFinal(r *pg.RangeVar) *Table {
	if t := p.CatalogFinal(r); t != nil {
		return t
	}
	if r == nil {
		return nil
	}
	return p.FinalOf(p.ObjectAfter(facts.Named(facts.Table, r)))
}

// FinalOf returns a table as the SQL of all migrations leaves it; nil when it is
// dropped.
func (p *Pass) FinalOf(o *Object) *Table {
	return p.walk.folded(o, afterAll, p.walk.timeline.last())
}

// Folded returns a relation as the SQL of the history leaves it before the
// statement, whatever a server showed; nil when no earlier statement speaks of
// it.
func (p *Pass) Folded(r *pg.RangeVar) *Table {
	return p.walk.folded(p.Relation(r), beforeStatement, p.place()-1)
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

// CatalogAfter returns a relation as it was after the statement on a server; nil when
// not known.
func (p *Pass) CatalogAfter(r *pg.RangeVar) *Table {
	e := p.Effect()
	if e == nil || r == nil {
		return nil
	}
	return e.After.Find(r.Schemaname, r.Relname)
}

// CatalogFinal returns a relation as a server had it after all migrations under review;
// nil when not known.
func (p *Pass) CatalogFinal(r *pg.RangeVar) *Table {
	if r == nil {
		return nil
	}
	return p.FinalSchema().Find(r.Schemaname, r.Relname)
}

// FinalSchema returns the tables that the migrations under review touch as all
// of these leave them; nil when not known.
func (p *Pass) FinalSchema() *Schema { return p.walk.options.Observed.Final(p.History) }

// IsNew reports whether the migrations under review made the relation, so that
// nobody can be using it and it holds only what they put there.
func (p *Pass) IsNew(r *pg.RangeVar) bool {
	if t := p.Catalog(r); t != nil {
		return t.New
	}
	return p.Relation(r).IsNew(p)
}
