package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// catalogKey finds a key in the catalog as the review leaves it, else as the
// statement leaves it. gone means that a later statement takes it away again.
// All is nil when the statement was not tried.
func catalogKey(p *lint.Pass, k foreignKey) (s *lint.Schema, t *lint.Table, c *lint.Constraint, gone bool) {
	if !p.Tried() {
		return nil, nil, nil, false
	}
	if t = p.Final(k.table); t != nil {
		c = k.in(t)
		return p.FinalSchema(), t, c, c == nil
	}
	t = p.After(k.table)
	return p.Effect().After, t, k.in(t), false
}

// findTable returns a table by its catalog name; nil when it is not known.
func findTable(s *lint.Schema, name string) *lint.Table {
	if s == nil {
		return nil
	}
	i := slices.IndexFunc(s.Tables, func(t *lint.Table) bool { return t.QName() == name })
	if i < 0 {
		return nil
	}
	return s.Tables[i]
}

// indexed tells whether the server finds the rows of a key by an index. One
// that leaves out NULL serves as well: NULL references nothing.
func indexed(t *lint.Table, columns []string) bool {
	if t.IndexCovers(columns) {
		return true
	}
	return len(columns) == 1 && slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Valid && ix.Partial && len(ix.Columns) > 0 && ix.Columns[0] == columns[0] &&
			strings.HasSuffix(ix.Definition, " WHERE ("+columns[0]+" IS NOT NULL)")
	})
}

// indexedByHistory tells the same from the SQL of the whole history. It says
// yes when it cannot know: the table was renamed, or copies another.
func indexedByHistory(p *lint.Pass, k foreignKey) bool {
	if indexesKey(p.Statement, k) {
		return true
	}
	for s := range p.Earlier() {
		if indexesKey(s, k) {
			return true
		}
	}
	for s := range p.Later() {
		if indexesKey(s, k) {
			return true
		}
	}
	return false
}

func indexesKey(s *lint.Statement, k foreignKey) bool {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_IndexStmt:
		return sameRelation(n.IndexStmt.Relation, k.table) && leads(lookupColumns(n.IndexStmt), k.columns)
	case *pg.Node_CreateStmt:
		c := n.CreateStmt
		return sameRelation(c.Relation, k.table) && (len(c.InhRelations) > 0 || slices.ContainsFunc(c.TableElts, func(e *pg.Node) bool { return e.GetTableLikeClause() != nil || elementIndexes(e, k) }))
	case *pg.Node_RenameStmt:
		return sameRelation(n.RenameStmt.Relation, k.table) || n.RenameStmt.Newname == k.table.GetRelname()
	}
	return slices.ContainsFunc(alterCommands(s), func(c alterCommand) bool { return sameRelation(c.table, k.table) && elementIndexes(c.GetDef(), k) })
}

// lookupColumns returns the leading columns of an index that holds all rows
// that reference anything.
func lookupColumns(s *pg.IndexStmt) []string {
	var names []string
	for _, n := range s.IndexParams {
		names = append(names, n.GetIndexElem().GetName())
	}
	if s.WhereClause == nil {
		return names
	}
	test := s.WhereClause.GetNullTest()
	field := lastOf(words(test.GetArg().GetColumnRef().GetFields()))
	if test.GetNulltesttype() == pg.NullTestType_IS_NOT_NULL && len(names) > 0 && field == names[0] {
		return names[:1]
	}
	return nil
}

// elementIndexes tells whether a column or constraint definition brings an
// index for the key.
func elementIndexes(n *pg.Node, k foreignKey) bool {
	if def := n.GetColumnDef(); def != nil {
		c := column{def: def}
		own := c.constraint(pg.ConstrType_CONSTR_PRIMARY) != nil || c.constraint(pg.ConstrType_CONSTR_UNIQUE) != nil
		return own && leads([]string{def.Colname}, k.columns)
	}
	c := n.GetConstraint()
	if c.GetContype() != pg.ConstrType_CONSTR_PRIMARY && c.GetContype() != pg.ConstrType_CONSTR_UNIQUE {
		return false
	}
	return leads(words(c.Keys), k.columns)
}

func leads(index, columns []string) bool {
	return len(index) >= len(columns) && sameColumns(index[:len(columns)], columns)
}

// liveKeys returns the foreign keys a table has before the statement, from the
// SQL of the history.
func liveKeys(p *lint.Pass, table *pg.RangeVar) []foreignKey {
	var live []foreignKey
	dropped := map[string]bool{}
	for s := range p.Earlier() {
		for _, k := range foreignKeys(p, s) {
			if sameRelation(k.table, table) && !dropped[k.constraintName()] {
				live = append(live, k)
			}
		}
		for _, name := range droppedConstraints(s, table) {
			dropped[name] = true
		}
	}
	return live
}

func droppedConstraints(s *lint.Statement, table *pg.RangeVar) []string {
	var names []string
	for _, c := range alterCommands(s) {
		if c.Subtype == pg.AlterTableType_AT_DropConstraint && sameRelation(c.table, table) {
			names = append(names, c.Name)
		}
	}
	return names
}
