package facts

import pg "github.com/pganalyze/pg_query_go/v5"

// IsQuery reports whether a statement is SELECT, VALUES, TABLE, INSERT, UPDATE,
// DELETE or MERGE: what WITH can stand before.
func IsQuery(n *pg.Node) bool {
	switch n.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		return true
	}
	return false
}

// RelationsIn returns the relations that stand in an expression or a query, in
// their order; a name that WITH gives to a query is among them.
func RelationsIn(n *pg.Node) []*pg.RangeVar {
	var found []*pg.RangeVar
	Walk(n, func(n *pg.Node) bool {
		if r := n.GetRangeVar(); r != nil {
			found = append(found, r)
		}
		return true
	})
	return found
}
