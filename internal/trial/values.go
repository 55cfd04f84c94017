package trial

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// held is what tables held before a statement that may drop them or change
// their values: counts by "schema.table" and "schema.table.column", and hashes
// of the columns whose type changes.
type held struct {
	counts map[string]int64
	hashes []json.RawMessage
}

// hold counts before the statement runs: what it drops cannot be asked any more.
func (o *observer) hold(ctx context.Context, s *lint.Statement, names []name) (held, error) {
	h := held{counts: map[string]int64{}}
	if columns := retyped(s); len(columns) > 0 {
		argument, err := literal(columns)
		if err != nil {
			return h, err
		}
		if err := ask(ctx, o.conn, &h.hashes, "migvet_hashes("+argument+", "+callerPath+")"); err != nil {
			return h, err
		}
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
func (h held) lost(o *lint.Object) {
	switch o.Kind {
	case "table", "table column", "materialized view":
		o.Values = h.counts[o.Name]
	}
}

// changed tells the columns whose values the statement changed.
func (h held) changed(ctx context.Context, conn *pgx.Conn) ([]lint.ColumnChange, error) {
	var changes []lint.ColumnChange
	for _, was := range h.hashes {
		var c struct{ Schema, Table, Column string }
		argument, err := literal(was)
		if err = errors.Join(err, json.Unmarshal(was, &c)); err != nil {
			return nil, err
		}
		var rows *int64
		if err := ask(ctx, conn, &rows, "migvet_changed("+argument+")"); err != nil {
			return nil, err
		}
		if rows != nil && *rows > 0 {
			changes = append(changes, lint.ColumnChange{Table: c.Schema + "." + c.Table, Column: c.Column, Rows: *rows})
		}
	}
	return changes, nil
}

// retyped returns [schema, table, column] of the columns whose type the
// statement's text changes.
func retyped(s *lint.Statement) [][3]string {
	alter := s.Node.GetAlterTableStmt()
	if alter.GetObjtype() != pg.ObjectType_OBJECT_TABLE {
		return nil
	}
	var columns [][3]string
	for _, n := range alter.Cmds {
		if c := n.GetAlterTableCmd(); c.GetSubtype() == pg.AlterTableType_AT_AlterColumnType {
			columns = append(columns, [3]string{alter.Relation.GetSchemaname(), alter.Relation.GetRelname(), c.Name})
		}
	}
	return columns
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
		switch n.DropStmt.RemoveType {
		case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_MATVIEW:
			return dropsNamed
		case pg.ObjectType_OBJECT_EXTENSION:
			return dropsAnything
		}
		if n.DropStmt.Behavior == pg.DropBehavior_DROP_CASCADE {
			return dropsAnything
		}
	}
	return dropsNothing
}

func alterReach(s *pg.AlterTableStmt) reach {
	for _, n := range s.Cmds {
		if n.GetAlterTableCmd().GetSubtype() != pg.AlterTableType_AT_DropColumn {
			continue
		}
		if s.Objtype == pg.ObjectType_OBJECT_TYPE {
			return dropsAnything // of every table of the type
		}
		return dropsNamed
	}
	return dropsNothing
}

// callsFunction tells whether a query calls a function, which may do anything.
func callsFunction(s *pg.SelectStmt) bool {
	calls := false
	walk(s.ProtoReflect(), func(node any) bool {
		_, found := node.(*pg.FuncCall)
		calls = calls || found
		return !calls
	})
	return calls
}
