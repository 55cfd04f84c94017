package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// bulkTable returns the table in which a statement changes an unknown number
// of rows; nil for all other statements.
func bulkTable(n *pg.Node) *pg.RangeVar {
	switch n := n.GetNode().(type) {
	case *pg.Node_UpdateStmt:
		if !picksOne(n.UpdateStmt.WhereClause) && !isCatalog(n.UpdateStmt.Relation) {
			return n.UpdateStmt.Relation
		}
	case *pg.Node_DeleteStmt:
		if !picksOne(n.DeleteStmt.WhereClause) && !isCatalog(n.DeleteStmt.Relation) {
			return n.DeleteStmt.Relation
		}
	case *pg.Node_MergeStmt:
		return n.MergeStmt.Relation
	case *pg.Node_InsertStmt:
		if from := n.InsertStmt.GetSelectStmt().GetSelectStmt().GetFromClause(); len(from) > 0 && !areInsertedHere(n.InsertStmt, from) {
			return n.InsertStmt.Relation
		}
	}
	return nil
}

// areInsertedHere tells whether the rows that a query reads are those that WITH of the same
// statement inserts as constants: WITH s AS (INSERT … VALUES (…) RETURNING id) INSERT …
// SELECT id FROM s.
func areInsertedHere(s *pg.InsertStmt, from []*pg.Node) bool {
	inserted := map[string]bool{}
	for _, with := range []*pg.WithClause{s.WithClause, s.GetSelectStmt().GetSelectStmt().GetWithClause()} {
		for _, n := range with.GetCtes() {
			cte := n.GetCommonTableExpr()
			query := cte.GetCtequery()
			values := query.GetSelectStmt()
			if insert := query.GetInsertStmt(); insert != nil {
				values = insert.GetSelectStmt().GetSelectStmt()
			}
			inserted[cte.GetCtename()] = values != nil && len(values.FromClause) == 0
		}
	}
	return !slices.ContainsFunc(from, func(n *pg.Node) bool { return n.GetRangeVar() == nil || !inserted[n.GetRangeVar().Relname] })
}
