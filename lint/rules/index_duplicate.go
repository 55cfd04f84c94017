package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var indexDuplicate = &lint.Rule{
	ID: "index-duplicate", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Made,
	Title: "Another index does the same already",
	Why: "Every index is written with every row and takes its place in memory. An index over the same columns in the same order, or over the first columns of another, is hardly ever used beside it; primary keys and `UNIQUE` constraints have indexes already.\n\n" +
		"Compared are whole-table btree indexes over plain columns.\n\n" +
		"https://www.postgresql.org/docs/current/indexes-multicolumn.html",
	Fix: "Leave the new one out, or, when it is to take the place of the old one, drop that in a later migration.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetIndexStmt()
		columns := plainColumns(s)
		if len(columns) == 0 || hasIndexName(p, s) {
			return
		}
		if other := sameIndex(p, s, columns); other != "" {
			f := p.Reportf(0, "%s already does what this index on %s does; leave the new one out", other, columnsOf(tableName(s.Relation), columns))
			p.TellInSeries(f, "already", columnsOf(tableName(s.Relation), columns)+", which "+other+" does")
		} else if hasWiderLater(p, s) {
			p.Reportf(0, "the index that is made below begins with %s, too, and does what this index does; leave this one out", columnsOf(tableName(s.Relation), columns))
		}
	},
}

// hasIndexName tells whether IF NOT EXISTS finds an index of the name, so that none is
// made: whoever runs the statement has what was there, and nothing to leave out.
func hasIndexName(p *lint.Pass, s *pg.IndexStmt) bool {
	if !s.GetIfNotExists() {
		return false
	}
	if p.Tried() {
		return slices.ContainsFunc(p.Effect().Notices, func(notice string) bool {
			return strings.HasSuffix(notice, " already exists, skipping")
		})
	}
	n := facts.Named(facts.Index, s.Relation)
	n.Name = s.Idxname
	return p.Object(n) != nil
}

// plainColumns returns the columns of an index that is nothing but those, in
// ascending order; nil for others.
func plainColumns(s *pg.IndexStmt) []string {
	if s == nil || s.WhereClause != nil || len(s.IndexIncludingParams) > 0 || s.AccessMethod != "" && s.AccessMethod != "btree" {
		return nil
	}
	var columns []string
	for _, n := range s.IndexParams {
		e := n.GetIndexElem()
		if e.GetName() == "" || len(e.Opclass) > 0 || len(e.Collation) > 0 || e.Ordering == pg.SortByDir_SORTBY_DESC || e.NullsOrdering == pg.SortByNulls_SORTBY_NULLS_FIRST {
			return nil
		}
		columns = append(columns, e.Name)
	}
	return columns
}

// sameIndex names what makes a new index superfluous. A unique one is only
// replaced by a unique one over just the same columns.
func sameIndex(p *lint.Pass, s *pg.IndexStmt, columns []string) string {
	covers := func(other []string, unique bool) bool {
		if s.Unique {
			return unique && slices.Equal(other, columns)
		}
		return len(other) >= len(columns) && slices.Equal(other[:len(columns)], columns)
	}
	if t := p.Table(s.Relation); t != nil {
		return sameInTable(p, t, s, covers)
	}
	return ""
}

// sameInTable names such an index of a table that stays: one that this takes the
// place of goes, be its name the same in the end.
func sameInTable(p *lint.Pass, t *lint.Table, s *pg.IndexStmt, covers func([]string, bool) bool) string {
	for _, ix := range t.Indexes {
		if ix.Valid && covers(plainIndex(ix), ix.Unique) && p.FinalIndex(s.Relation, ix.Name) != nil {
			return indexPhrase(t, ix)
		}
	}
	return ""
}

// plainIndex is plainColumns of an index of a table.
func plainIndex(ix lint.Index) []string {
	switch {
	case ix.Definition != "":
		return plainColumns(parsedIndex(ix.Definition))
	case ix.Statement != nil && plainColumns(ix.Statement) == nil:
		return nil
	}
	return ix.Columns
}

// indexPhrase names an index, or the constraint that brought it where the SQL
// says so.
func indexPhrase(t *lint.Table, ix lint.Index) string {
	if t.Folded && ix.Statement == nil {
		return "the index of constraint " + ix.Name
	}
	return "index " + ix.Name
}

// hasWiderLater tells whether the review later makes an index that begins with all
// columns of this one: (w), then (w, s).
func hasWiderLater(p *lint.Pass, s *pg.IndexStmt) bool {
	own := p.FinalIndex(s.Relation, s.Idxname)
	if own == nil || s.Unique {
		return false
	}
	for _, ix := range p.TableFinal(s.Relation).Indexes {
		if other := plainIndex(ix); ix.Valid && len(other) > len(own.Columns) && slices.Equal(other[:len(own.Columns)], own.Columns) {
			return true
		}
	}
	return false
}
