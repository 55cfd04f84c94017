package rules

import (
	"regexp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// indexColumns returns the columns of an index, "" for each expression.
func indexColumns(s *pg.IndexStmt) []string {
	var columns []string
	for _, n := range s.IndexParams {
		columns = append(columns, n.GetIndexElem().GetName())
	}
	return columns
}

// constraintRequires matches PostgreSQL's refusal to drop such an index.
var constraintRequires = regexp.MustCompile(`^cannot drop index (.+) because constraint .+ on table (.+) requires it$`)

// constraintWithIndex returns the table with the constraint that an index
// belongs to, nil when there is none that anybody knows of. Both have one name.
func constraintWithIndex(p *lint.Pass, index facts.Name) *pg.RangeVar {
	if e := p.Effect(); e != nil {
		if e.Err == nil {
			return nil
		}
		if m := constraintRequires.FindStringSubmatch(e.Err.Message); m != nil && strings.HasSuffix("."+m[1], "."+lint.QuoteIdentifier(index.Name)) {
			return readName(m[2])
		}
		return nil
	}
	o := p.Object(index)
	made := o.Made()
	if made == nil {
		return nil
	}
	if _, is := made.Tree.(*facts.TableConstraint); !is {
		return nil
	}
	table := o.Table().Name(p)
	if table.Schema == p.HomeSchema() { // which nobody writes
		table.Schema = ""
	}
	return table.Relation()
}

// readName reads a relation's name as PostgreSQL's messages write it: app."Orders".
func readName(name string) *pg.RangeVar {
	for _, r := range lint.Tree("TABLE " + name).GetSelectStmt().GetFromClause() {
		return r.GetRangeVar()
	}
	return nil
}

// isIndexed tells whether the server finds the rows of a key by an index: one that
// begins with a column of the key, (owner_id) or (region, state) for (region, owner_id).
// One that leaves out NULL serves as well: a row with NULL references nothing.
func isIndexed(t *lint.Table, columns []string) bool {
	return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Valid && len(ix.Columns) > 0 && slices.Contains(columns, ix.Columns[0]) &&
			(!ix.Partial || slices.Contains(columns, columnNotNull(ix)))
	})
}

// columnNotNull returns the column whose NULL is all that a partial index leaves
// out; "" for others. It may have another name in the statement that makes the index.
func columnNotNull(ix lint.Index) string {
	if ix.Statement == nil {
		return columnTested(parsedIndex(ix.Definition))
	}
	tested := columnTested(ix.Statement)
	if i := slices.Index(indexColumns(ix.Statement), tested); i >= 0 && i < len(ix.Columns) {
		return ix.Columns[i]
	}
	return tested
}

// columnTested returns the column of an index WHERE column IS NOT NULL; "" for others.
func columnTested(s *pg.IndexStmt) string {
	test := s.GetWhereClause().GetNullTest()
	if test.GetNulltesttype() != pg.NullTestType_IS_NOT_NULL {
		return ""
	}
	return facts.LastWord(test.GetArg().GetColumnRef().GetFields())
}

// parsedIndex reads what pg_get_indexdef prints.
func parsedIndex(definition string) *pg.IndexStmt {
	return lint.Tree(definition).GetIndexStmt()
}
