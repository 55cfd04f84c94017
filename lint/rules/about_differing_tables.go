package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// differingColumns says how the table that exists is not what a CREATE TABLE
// IF NOT EXISTS writes; nil when there is none, or nobody knows.
func differingColumns(p *lint.Pass) []string {
	s := p.Node().GetCreateStmt()
	if !s.GetIfNotExists() || facts.IsTemporary(s.Relation) || len(s.InhRelations) > 0 || s.OfTypename != nil || slices.ContainsFunc(s.TableElts, func(n *pg.Node) bool { return n.GetTableLikeClause() != nil }) {
		return nil
	}
	t := p.Table(s.Relation)
	if t == nil || t.Partial {
		return nil
	}
	var differences []string
	for _, n := range s.TableElts {
		def := n.GetColumnDef()
		if def == nil {
			continue
		}
		differences = append(differences, differenceIn(p, t, def)...)
	}
	return differences
}

// existsAsWritten tells whether IF NOT EXISTS finds what the statement would have made: an
// index, a column or a table that the history made with the same words.
func existsAsWritten(p *lint.Pass) bool {
	switch n := p.Node().GetNode().(type) {
	case *pg.Node_IndexStmt:
		if n.IndexStmt.Idxname == "" {
			return false
		}
		made := p.Object(facts.Named(facts.Index, &pg.RangeVar{Schemaname: n.IndexStmt.Relation.GetSchemaname(), Relname: n.IndexStmt.Idxname})).Made()
		if made == nil {
			return false
		}
		old, is := made.Tree.(*pg.IndexStmt)
		return is && remakesIndex(old, n.IndexStmt)
	case *pg.Node_AlterTableStmt:
		return addsWhatIsThere(p)
	case *pg.Node_CreateStmt:
		t := p.Table(n.CreateStmt.Relation)
		return t != nil && !t.Partial && writesAllColumns(n.CreateStmt, t)
	}
	return false
}

// addsWhatIsThere tells whether each action adds a column that is there with its type.
func addsWhatIsThere(p *lint.Pass) bool {
	commands := alterCommands(p.Statement)
	for _, c := range commands {
		if c.Subtype != pg.AlterTableType_AT_AddColumn || !c.MissingOk {
			return false
		}
		made := p.Object(facts.PartOf(facts.Column, c.table, c.Def.GetColumnDef().GetColname())).Made()
		if made == nil || !sameTypes(made.Tree, c.Def.GetColumnDef()) {
			return false
		}
	}
	return len(commands) > 0
}

// writesAllColumns tells whether CREATE TABLE has the columns of the table, and no others:
// what they are is compared by [differingColumns].
func writesAllColumns(s *pg.CreateStmt, t *lint.Table) bool {
	written := 0
	for _, n := range s.TableElts {
		switch def := n.GetColumnDef(); {
		case def != nil && t.Column(def.Colname) == nil:
			return false
		case def != nil:
			written++
		}
	}
	return written == len(t.Columns)
}

// remakesIndex tells whether a statement makes the index that another made, CONCURRENTLY or
// not, whatever its schema is written like.
func remakesIndex(old, s *pg.IndexStmt) bool {
	bare := func(index *pg.IndexStmt) proto.Message {
		c := proto.Clone(index).(*pg.IndexStmt)
		c.Concurrent, c.IfNotExists, c.Relation = false, false, nil
		facts.WalkMessages(c, func(m proto.Message) bool {
			r := m.ProtoReflect()
			if place := r.Descriptor().Fields().ByName("location"); place != nil {
				r.Clear(place)
			}
			return true
		})
		return c
	}
	return facts.SameRelation(old.Relation, s.Relation) && proto.Equal(bare(old), bare(s))
}

// differenceIn says how a column is not what CREATE TABLE IF NOT EXISTS wants:
// "title is missing", "due is date instead of timestamptz".
func differenceIn(p *lint.Pass, t *lint.Table, def *pg.ColumnDef) []string {
	c := t.Column(def.Colname)
	if c == nil {
		if isAddedLater(p, p.Node().GetCreateStmt().GetRelation(), def) {
			return nil // both ways lead to the same table
		}
		return []string{def.Colname + " is missing"}
	}
	if t.Folded {
		return nil // types are as people write them: int and integer are one
	}
	is, wanted := sqlvalue.ParseType(c.Base), resolveType(p, def.TypeName)
	if !c.Domain && facts.IsCommonType(is.Name) && facts.IsCommonType(wanted.Name) && wanted.Domain == nil && is.String() != wanted.String() {
		return []string{fmt.Sprintf("%s is %s instead of %s", def.Colname, is, wanted)}
	}
	return nil
}

// isAddedLater tells whether a later statement of the review adds a column as it is
// declared here.
func isAddedLater(p *lint.Pass, table *pg.RangeVar, def *pg.ColumnDef) bool {
	o := p.ObjectAfter(facts.Named(facts.Table, table))
	for _, e := range addedColumnsOf(p, o)[def.Colname] {
		if !e.IsBefore(p) && e.Statement != p.Statement && sameTypes(e.Tree, def) {
			return true
		}
	}
	return false
}

// addedColumns are the columns that the review makes, by their tables and names.
type addedColumns map[*lint.Object]map[string][]lint.Event

// addedColumnsOf reads those of a table once: scripts that can run again have hundreds of
// CREATE TABLE IF NOT EXISTS, and thousands of columns behind them.
func addedColumnsOf(p *lint.Pass, table *lint.Object) map[string][]lint.Event {
	all := lint.Remember(p, func() addedColumns { return addedColumns{} })
	if known, is := all[table]; is {
		return known
	}
	added := map[string][]lint.Event{}
	for e := range table.Reviewed(p) {
		if e.Verb&facts.Made != 0 && e.Name.Kind == facts.Column {
			added[e.Name.Name] = append(added[e.Name.Name], e)
		}
	}
	all[table] = added
	return added
}

// sameTypes tells whether two columns are written with one type.
func sameTypes(tree any, def *pg.ColumnDef) bool {
	made, is := tree.(*pg.ColumnDef)
	return is && sqlvalue.ReadType(made.TypeName).String() == sqlvalue.ReadType(def.TypeName).String()
}
