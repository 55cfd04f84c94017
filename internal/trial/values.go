package trial

import (
	"context"
	"encoding/json"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// held is what tables held before a statement that may drop them or change
// their values: counts by "schema.table" and "schema.table.column", and hashes
// of the columns whose type changes.
type held struct {
	counts map[string]int64
	hashes []json.RawMessage
	hashed map[string]bool // by "schema.table.column"
}

// hold counts before the statement runs: what it drops cannot be asked any more.
func (o *observer) hold(ctx context.Context, s *lint.Statement, names []name, before *lint.Schema) (held, error) {
	h := held{counts: map[string]int64{}, hashed: map[string]bool{}}
	if err := h.hash(ctx, o.conn, retyped(s, before)); err != nil {
		return h, err
	}
	switch reach := dropReach(s); reach {
	case dropsNothing:
		return h, nil
	case dropsAnything:
		names = nil
	}
	var tables []struct {
		Schema, Name string
		Relkind      string
		Columns      []string
		Counts       []int64 // rows, then values of each column; nil when they cannot be read
	}
	if err := askNamed(ctx, o.conn, &tables, "migvet_values", names); err != nil {
		return h, err
	}
	for _, t := range tables {
		qname := t.Schema + "." + t.Name
		for i, n := range t.Counts {
			switch {
			case i > 0:
				h.counts[qname+"."+t.Columns[i-1]] = n
			case t.Relkind != "p": // the rows are those of its partitions
				h.counts[qname] = n
			}
		}
	}
	return h, nil
}

// lost notes what a dropped object held.
func (h held) lost(o *lint.CatalogObject) {
	switch o.Kind {
	case "table", "table column", "materialized view":
		o.Values = h.counts[o.Name]
	}
}

// A reach says which tables and columns a statement may drop.
type reach int

const (
	dropsNothing  reach = iota
	dropsNamed          // those it names, and their partitions
	dropsAnything       // its text cannot tell
)

func dropReach(s *lint.Statement) reach {
	switch n := s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt, *pg.Node_DropOwnedStmt:
		return dropsAnything
	case *pg.Node_SelectStmt:
		if callsFunction(n.SelectStmt) {
			return dropsAnything
		}
	case *pg.Node_AlterTableStmt:
		return alterReach(n.AlterTableStmt)
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

func alterReach(s *pg.AlterTableStmt) (widest reach) {
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

// callsFunction tells whether a query calls a function, which may do anything.
func callsFunction(s *pg.SelectStmt) bool {
	calls := false
	facts.WalkMessages(s, func(m proto.Message) bool {
		_, found := m.(*pg.FuncCall)
		calls = calls || found
		return !calls
	})
	return calls
}
