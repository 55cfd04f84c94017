package trial

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// isCertain reports whether a refusal of benign rows means that any rows are
// refused. A NULL where none is allowed is in a column that the migrations
// made: nothing else is NULL there but the parent of a root. Duplicates and violated checks are certain
// only where all columns are new, with values the migrations gave them; the
// values of older columns are ours, and production's may be better. Nothing is certain
// where the migrations choose rows by their values.
func isCertain(pending []*lint.Migration, r *session.Refused, roots []rows.Root) bool {
	if choosesRows(pending, r) {
		return false
	}
	switch r.Err.SQLState {
	case "23502":
		return r.Raw == nil || !slices.Contains(roots, rows.Root{Schema: r.Raw.SchemaName, Table: r.Raw.TableName, Column: r.Raw.ColumnName})
	case "23505", "23514":
		return r.Statement != nil && onlyNewColumns(pending, r.Statement)
	}
	return false
}

// meetsOurRow reports whether only our rows are in the way: a row of the migration
// has the key of one of them.
func meetsOurRow(r *session.Refused) bool {
	if r.Statement == nil {
		return false
	}
	insert := r.Statement.Node.GetInsertStmt()
	return insert != nil && r.Err.SQLState == "23505" && len(insert.GetSelectStmt().GetSelectStmt().GetValuesLists()) > 0
}

// onlyNewColumns reports whether every column that a statement names was added by
// the pending migrations. It is about ALTER TABLE and CREATE INDEX.
func onlyNewColumns(pending []*lint.Migration, s *lint.Statement) bool {
	table := s.Node.GetAlterTableStmt().GetRelation()
	if ix := s.Node.GetIndexStmt(); ix != nil {
		table = ix.Relation
	}
	if table == nil {
		return false
	}
	named := columnsNamed(s.Node)
	added := columnsAdded(pending, table)
	return len(named) > 0 && !slices.ContainsFunc(named, func(c string) bool { return !slices.Contains(added, c) })
}

// columnsAdded returns the columns that migrations add to a table.
func columnsAdded(pending []*lint.Migration, table *pg.RangeVar) []string {
	var added []string
	for _, m := range pending {
		for _, s := range m.Statements() {
			alter := s.Node.GetAlterTableStmt()
			if alter == nil || alter.Relation.GetRelname() != table.Relname {
				continue
			}
			for _, cmd := range alter.Cmds {
				if c := cmd.GetAlterTableCmd(); c.GetSubtype() == pg.AlterTableType_AT_AddColumn {
					added = append(added, c.GetDef().GetColumnDef().GetColname())
				}
			}
		}
	}
	return added
}

// columnsNamed finds the columns that a statement defines, or refers to.
func columnsNamed(n *pg.Node) []string {
	var names []string
	facts.WalkMessages(n, func(m proto.Message) bool {
		names = append(names, columnsOf(m)...)
		return true
	})
	return names
}

// columnsOf returns the columns that a part of a tree names by itself.
func columnsOf(m proto.Message) []string {
	switch n := m.(type) {
	case *pg.ColumnDef:
		return []string{n.Colname}
	case *pg.IndexElem:
		if n.Name != "" {
			return []string{n.Name}
		}
	case *pg.Constraint:
		var keys []string
		for _, k := range n.Keys {
			keys = append(keys, k.GetString_().GetSval())
		}
		return keys
	case *pg.ColumnRef:
		if len(n.Fields) > 0 {
			return []string{n.Fields[len(n.Fields)-1].GetString_().GetSval()}
		}
	}
	return nil
}
