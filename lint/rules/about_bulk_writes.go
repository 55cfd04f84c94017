package rules

import (
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
		if len(n.InsertStmt.GetSelectStmt().GetSelectStmt().GetFromClause()) > 0 {
			return n.InsertStmt.Relation
		}
	}
	return nil
}
