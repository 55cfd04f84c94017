package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// tableName returns a relation's name as it is written in the statement,
// without quotes.
func tableName(r *pg.RangeVar) string {
	if r.GetSchemaname() != "" {
		return r.Schemaname + "." + r.Relname
	}
	return r.GetRelname()
}

// catalogName returns the name under which an Effect knows a relation.
func catalogName(p *lint.Pass, r *pg.RangeVar) string {
	if t := p.Table(r); t != nil {
		return t.QName()
	}
	if r.GetSchemaname() != "" {
		return r.Schemaname + "." + r.Relname
	}
	return "public." + r.GetRelname()
}

// isNewHere tells whether the review made the relation, this statement included.
func isNewHere(p *lint.Pass, r *pg.RangeVar) bool {
	created := p.Node().GetCreateStmt()
	return p.IsNew(r) || created != nil && sameRelation(created.Relation, r)
}

// sameRelation tells whether two names mean the same relation, a missing
// schema being public.
func sameRelation(a, b *pg.RangeVar) bool {
	return a.GetRelname() == b.GetRelname() && schemaOf(a) == schemaOf(b)
}

func schemaOf(r *pg.RangeVar) string {
	if r.GetSchemaname() == "" {
		return "public"
	}
	return r.Schemaname
}

// unqualified takes the schema from a catalog name when it is public, which
// nobody writes.
func unqualified(name string) string { return strings.TrimPrefix(name, "public.") }

// underReview yields the statements of the migrations under review, in order.
func underReview(p *lint.Pass) []*lint.Statement {
	var all []*lint.Statement
	for _, m := range p.History.New {
		all = append(all, m.Statements()...)
	}
	return all
}

// reviewedBefore returns the statements under review that run before this one,
// the nearest first.
func reviewedBefore(p *lint.Pass) []*lint.Statement {
	all := underReview(p)
	i := slices.Index(all, p.Statement)
	before := slices.Clone(all[:max(i, 0)])
	slices.Reverse(before)
	return before
}

// sawNoWork tells whether the server ran the statement without reading or
// rewriting any table that existed before.
func sawNoWork(p *lint.Pass) bool {
	e := p.Effect()
	return p.Tried() && e.Incomplete == "" && len(e.Scanned) == 0 && len(e.Rewritten) == 0
}
