package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// typeOf returns the type of a column: from the catalog when the statement was
// tried, else from the SQL of the history.
func typeOf(p *lint.Pass, c column) sqlvalue.Type {
	declared := c.def.GetTypeName()
	if declared == nil {
		if was := p.Folded(c.table).Column(c.name); was != nil {
			declared = was.Written
		}
	}
	known := catalogColumn(p, c)
	if known == nil {
		return resolveType(p, declared)
	}
	t := sqlvalue.ParseType(known.Base)
	t.Labels = known.Labels
	if known.Domain {
		t.Domain = findDomain(p, declared)
		if t.Domain == nil {
			t.Domain = &sqlvalue.Domain{Name: known.Type, NotNull: known.NotNull && !c.notNull() && c.form != columnDefaulted}
		}
	}
	return t
}

// catalogColumn returns what the server knows of the column, after the
// statement if it went through; nil when nothing is known.
func catalogColumn(p *lint.Pass, c column) *lint.Column {
	if known := p.CatalogAfter(c.table).Column(c.name); known != nil {
		return known
	}
	if c.form != columnDefaulted {
		return nil
	}
	return p.Catalog(c.table).Column(c.name)
}

// maxDomains ends the search in domains over domains, which a hostile history
// could make endless.
const maxDomains = 8

// resolveType reads a type's name with the enums and domains that earlier
// statements made.
func resolveType(p *lint.Pass, t *pg.TypeName) sqlvalue.Type {
	var outermost *sqlvalue.Domain
	for range maxDomains {
		if t == nil {
			return sqlvalue.Type{}
		}
		made := findType(p, t)
		if made.base == nil {
			read := sqlvalue.ReadType(t)
			read.Labels, read.Domain = made.labels, outermost
			return read
		}
		outermost = outermost.Over(made.domain)
		if len(t.ArrayBounds) > 0 {
			return sqlvalue.Type{} // an array of a domain: nothing to say
		}
		t = made.base
	}
	return sqlvalue.Type{}
}

// findDomain returns the domain that a type is, over all domains below it; nil
// for other types.
func findDomain(p *lint.Pass, t *pg.TypeName) *sqlvalue.Domain { return resolveType(p, t).Domain }

// ofCheckedDomain tells whether a column that is added is of a domain with
// constraints and may be NULL.
func ofCheckedDomain(p *lint.Pass, c column) bool {
	if known := p.CatalogAfter(c.table).Column(c.name); known != nil && known.Checked {
		return true
	}
	d := findDomain(p, c.def.GetTypeName()) // also over others, whose checks the catalog has elsewhere
	return d != nil && len(d.Checks) > 0 && !d.NotNull
}
