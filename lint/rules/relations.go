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

// catalogName returns the name under which an Effect knows a relation.
func catalogName(p *lint.Pass, r *pg.RangeVar) string {
	if t := p.Catalog(r); t != nil {
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
	return p.IsNew(r) || created != nil && facts.SameRelation(created.Relation, r)
}

// unqualified takes the schema from a catalog name when it is public, which
// nobody writes.
func unqualified(name string) string { return strings.TrimPrefix(name, "public.") }

// sawNoWork tells whether the server ran the statement without reading or
// rewriting any table that existed before.
func sawNoWork(p *lint.Pass) bool {
	e := p.Effect()
	return p.Tried() && e.Incomplete == "" && len(e.Scanned) == 0 && len(e.Rewritten) == 0
}
