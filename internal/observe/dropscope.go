package observe

import (
	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A dropScope says which tables and columns a statement may drop.
type dropScope int

const (
	dropsNothing  dropScope = iota
	dropsNamed              // those it names, and their partitions
	dropsAnything           // its text cannot tell
)

func dropScopeOf(s *lint.Statement) dropScope {
	switch n := s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt, *pg.Node_DropOwnedStmt:
		return dropsAnything
	case *pg.Node_SelectStmt:
		if callsFunction(n.SelectStmt) {
			return dropsAnything
		}
	case *pg.Node_AlterTableStmt:
		return alterDropScope(n.AlterTableStmt)
	case *pg.Node_DropStmt:
		if n.DropStmt.Behavior == pg.DropBehavior_DROP_CASCADE {
			return dropsAnything
		}
		switch n.DropStmt.RemoveType {
		case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_MATVIEW:
			return dropsNamed
		case pg.ObjectType_OBJECT_EXTENSION:
			return dropsAnything
		}
	}
	return dropsNothing
}

func alterDropScope(s *pg.AlterTableStmt) (widest dropScope) {
	for _, n := range s.Cmds {
		c := n.GetAlterTableCmd()
		if c.GetBehavior() == pg.DropBehavior_DROP_CASCADE || c.GetSubtype() == pg.AlterTableType_AT_DropColumn && s.Objtype == pg.ObjectType_OBJECT_TYPE {
			return dropsAnything // a column of every table of the type
		}
		if c.GetSubtype() == pg.AlterTableType_AT_DropColumn {
			widest = dropsNamed
		}
	}
	return widest
}

// callsFunction reports whether a query calls a function, which may do anything.
func callsFunction(s *pg.SelectStmt) bool {
	calls := false
	facts.WalkMessages(s, func(m proto.Message) bool {
		_, found := m.(*pg.FuncCall)
		calls = calls || found
		return !calls
	})
	return calls
}
