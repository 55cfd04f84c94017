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
	return p.walk.folded(p.ObjectAfter(facts.Named(facts.Table, r)), afterStatement, p.walk.place)
}

// TableFinal returns a relation as all migrations under review leave it, under
// whatever name it has then: behind ALTER TABLE orders RENAME TO purchases the table
// orders is purchases. It is nil when the relation is gone, whoever has its name by
// then, and when nothing is known of it.
func (p *Pass) TableFinal(r *pg.RangeVar) *Table {
	if r == nil {
		return nil
	}
	o := p.ObjectAfter(facts.Named(facts.Table, r))
	if o == nil {
		return p.CatalogFinal(r)
	}
	if o.isGone(p.walk.timeline.last()) {
		return nil
	}
	if t := p.CatalogFinal(p.finalRelation(r, o)); t != nil {
		return t
	}
	return p.FinalOf(o)
}

// finalRelation is how one would write the name of a relation in the end; without a
// schema where the review leaves it in the one that the search path finds.
func (p *Pass) finalRelation(r *pg.RangeVar, o *Object) *pg.RangeVar {
	now, last := o.nameAt(p.walk.place), o.nameAt(p.walk.timeline.last())
	if now.Schema == last.Schema {
		last.Schema = p.foundIn(r)
	}
	return last.Relation()
}

// FinalColumn returns a column of a table as all migrations under review leave it,
// which may have given both other names; nil when it is gone, though another of its
// name be there, and when nothing is known of it.
func (p *Pass) FinalColumn(table *pg.RangeVar, name string) *Column {
	return p.TableFinal(table).Column(p.finalName(facts.PartOf(facts.Column, table, name)))
}

// FinalConstraint is FinalColumn for a constraint.
func (p *Pass) FinalConstraint(table *pg.RangeVar, name string) *Constraint {
	return p.TableFinal(table).Constraint(p.finalName(facts.PartOf(facts.Constraint, table, name)))
}

// FinalIndex is FinalColumn for an index of a table.
func (p *Pass) FinalIndex(table *pg.RangeVar, name string) *Index {
	n := facts.Named(facts.Index, table)
	n.Name = name
	return p.TableFinal(table).Index(p.finalName(n))
}

// finalName is what an object is called in the end; "" when it is gone. One that no
// statement speaks of keeps its name.
func (p *Pass) finalName(n facts.Name) string {
	o, last := p.ObjectAfter(n), p.walk.timeline.last()
	switch {
	case o == nil:
		return n.Name
	case o.isGone(last):
		return ""
	}
	return o.nameAt(last).Name
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
	return p.walk.folded(p.Relation(r), beforeStatement, p.walk.place-1)
}

// FoldedAfter returns a table as the SQL of the history leaves it behind the statement,
// whatever a server showed; nil when it is gone.
func (p *Pass) FoldedAfter(o *Object) *Table {
	return p.walk.folded(o, afterStatement, p.walk.place)
}

// FoldedLast is Folded for a table that an earlier statement may have dropped: then as it
// was before that.
func (p *Pass) FoldedLast(o *Object) *Table {
	if o == nil || !o.kind.IsRelation() {
		return nil
	}
	f := newFold(o)
	for _, e := range o.events {
		if e.place >= p.walk.place || o.dropped != 0 && e.place >= o.dropped {
			break
		}
		f.apply(e)
	}
	f.rename(p.walk.place - 1)
	return f.table
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
	return p.FinalSchema().Find(p.foundIn(r), r.Relname)
}

// foundIn is the schema in which a server found a relation; what the statement says
// where it found none.
func (p *Pass) foundIn(r *pg.RangeVar) string {
	for _, t := range []*Table{p.Catalog(r), p.CatalogAfter(r)} {
		if t != nil {
			return t.Schema
		}
	}
	return r.Schemaname
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
