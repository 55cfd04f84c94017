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
		if m := constraintRequires.FindStringSubmatch(e.Err.Message); m != nil && strings.HasSuffix("."+m[1], "."+quoteIdentifier(index.Name)) {
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
	if table.Schema == "public" { // which nobody writes
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

// isIndexed tells whether the server finds the rows of a key by an index. One
// that leaves out NULL serves as well: NULL references nothing.
func isIndexed(t *lint.Table, columns []string) bool {
	if t.IndexCovers(columns) {
		return true
	}
	return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Valid && ix.Partial && beginsWith(withoutNull(ix), columns)
	})
}

// withoutNull returns the first column of a partial index that leaves out just
// its NULL; nil for others.
func withoutNull(ix lint.Index) []string {
	if ix.Statement != nil {
		return ix.Columns[:len(lookupColumns(ix.Statement))] // which may have other names by now
	}
	if len(ix.Columns) > 0 && strings.HasSuffix(ix.Definition, " WHERE ("+ix.Columns[0]+" IS NOT NULL)") {
		return ix.Columns[:1]
	}
	return nil
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

// beginsWith tells whether an index begins with columns, in any order.
func beginsWith(index, columns []string) bool {
	return len(index) >= len(columns) && sameColumns(index[:len(columns)], columns)
}
