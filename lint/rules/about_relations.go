package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// tableName returns a relation's name as it is written in the statement,
// without quotes.
func tableName(r *pg.RangeVar) string {
	if r.GetSchemaname() != "" {
		return r.Schemaname + "." + r.Relname
	}
	return r.GetRelname()
}

// shortName is tableName without the schema in which names without one are made, so that
// orders and public.orders are one.
func shortName(p *lint.Pass, r *pg.RangeVar) string {
	if r.GetSchemaname() == p.HomeSchema() {
		return r.GetRelname()
	}
	return tableName(r)
}

// catalogName returns the name under which an Effect knows a relation.
func catalogName(p *lint.Pass, r *pg.RangeVar) string {
	if t := p.Catalog(r); t != nil {
		return t.QName()
	}
	return p.Qualified(facts.Name{Kind: facts.Table, Schema: r.GetSchemaname()}).Schema + "." + r.GetRelname()
}

// isNewHere tells whether the review made the relation, this statement included.
func isNewHere(p *lint.Pass, r *pg.RangeVar) bool {
	created := p.Node().GetCreateStmt()
	return p.IsNew(r) || created != nil && p.SameRelation(created.Relation, r)
}

// unqualified takes the schema from a catalog name where nobody writes it: public, and that
// in which the statement makes what it names without one.
func unqualified(p *lint.Pass, name string) string {
	schema, rest, found := strings.Cut(name, ".")
	if found && (schema == "public" || schema == p.HomeSchema()) {
		return rest
	}
	return name
}

// withoutPublic is unqualified for names that other names are compared with.
func withoutPublic(name string) string { return strings.TrimPrefix(name, "public.") }

// shortNames is unqualified for names that are made where no pass is.
func shortNames(p *lint.Pass) func(name string) string {
	return func(name string) string { return unqualified(p, name) }
}

func unqualifiedAll(p *lint.Pass, names []string) (short []string) {
	for _, name := range names {
		short = append(short, unqualified(p, name))
	}
	return short
}

// rangeVars returns the relations of a list of the parser's.
func rangeVars(nodes []*pg.Node) []*pg.RangeVar {
	var out []*pg.RangeVar
	for _, n := range nodes {
		if r := n.GetRangeVar(); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// sourceInUse returns a table or view that a query reads and that existed before
// the migrations under review; nil when there is none. What is filled from
// nothing but names nobody knows is no case: they may be those of WITH.
func sourceInUse(p *lint.Pass, query *pg.Node) *pg.RangeVar {
	own := map[string]bool{}
	facts.Walk(query, func(n *pg.Node) bool {
		own[n.GetCommonTableExpr().GetCtename()] = true
		return true
	})
	var found *pg.RangeVar
	facts.Walk(query, func(n *pg.Node) bool {
		if r := n.GetRangeVar(); r != nil && !p.IsNew(r) && !isTemporaryHere(p, r) && (r.Schemaname != "" || !own[r.Relname]) {
			found = r
		}
		return found == nil
	})
	return found
}

// isView tells whether a relation is a view.
func isView(p *lint.Pass, r *pg.RangeVar) bool {
	t := p.Table(r)
	return t != nil && t.Kind == lint.View
}

// madeByQuery returns the table of CREATE TABLE AS and SELECT INTO.
func madeByQuery(n *pg.Node) *pg.RangeVar {
	if as := n.GetCreateTableAsStmt(); as != nil {
		return as.Into.GetRel()
	}
	return n.GetSelectStmt().GetIntoClause().GetRel()
}

// isTemporaryHere tells whether a relation is a temporary one, also where the
// statement does not say so.
func isTemporaryHere(p *lint.Pass, r *pg.RangeVar) bool {
	return facts.IsTemporary(r) || p.Relation(r).Name(p).Schema == facts.TemporarySchema
}
