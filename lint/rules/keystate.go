package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
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

// finalKey returns the table of a key as the review leaves it, else as the
// statement does; nil when nobody knows. gone means that a later statement takes
// the key away again.
func finalKey(p *lint.Pass, k foreignKey) (t *lint.Table, gone bool) {
	refused := p.Effect() != nil && !p.Tried()
	if t = p.TableFinal(k.table); t != nil && !refused {
		return t, k.in(t) == nil
	}
	return p.TableAfter(k.table), false
}

// indexed tells whether the server finds the rows of a key by an index. One
// that leaves out NULL serves as well: NULL references nothing.
func indexed(t *lint.Table, columns []string) bool {
	if t.IndexCovers(columns) {
		return true
	}
	return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Valid && ix.Partial && leads(withoutNull(ix), columns)
	})
}

// withoutNull returns the first column of a partial index that leaves out just
// its NULL; nil for others.
func withoutNull(ix lint.Index) []string {
	if ix.Statement != nil {
		return lookupColumns(ix.Statement)
	}
	if len(ix.Columns) > 0 && strings.HasSuffix(ix.Definition, " WHERE ("+ix.Columns[0]+" IS NOT NULL)") {
		return ix.Columns[:1]
	}
	return nil
}

// copiesIndexes tells whether the table of a key may have got indexes that its
// statements do not name, by LIKE or from its parent.
func copiesIndexes(p *lint.Pass, k foreignKey) bool {
	t := p.TableAfter(k.table)
	return t != nil && t.Partial && p.Left(facts.Named(facts.Table, k.table)).Made() != nil
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
	field := facts.LastWord(test.GetArg().GetColumnRef().GetFields())
	if test.GetNulltesttype() == pg.NullTestType_IS_NOT_NULL && len(names) > 0 && field == names[0] {
		return names[:1]
	}
	return nil
}

func leads(index, columns []string) bool {
	return len(index) >= len(columns) && sameColumns(index[:len(columns)], columns)
}
