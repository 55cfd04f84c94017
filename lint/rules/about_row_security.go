package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A securedSchema counts the tables that the history makes in a schema, as it
// leaves them.
type securedSchema struct{ tables, secured int }

// securedSchemas counts by the name of the schema. Partitions have no row
// security of their own.
type securedSchemas map[string]securedSchema

func countSecured(p *lint.Pass) securedSchemas {
	return lint.Remember(p, func() securedSchemas {
		counted := securedSchemas{}
		for _, o := range p.Tables() {
			t := p.FinalOf(o)
			if t == nil || t.Partition {
				continue
			}
			in := counted[t.Schema]
			in.tables++
			if t.RowSecurity {
				in.secured++
			}
			counted[t.Schema] = in
		}
		return counted
	})
}

// madeSecurity returns a table of which the history says all about row security,
// as it leaves the table; nil for others. The catalog that rules see has nothing
// of it.
func madeSecurity(p *lint.Pass, n facts.Name) *lint.Table {
	o := p.ObjectAfter(n)
	if o.Made() == nil || o.Made().Verb&facts.Filled != 0 || bool(hiddenSecurity(p)) {
		return nil
	}
	if t := p.FinalOf(o); t != nil && !t.Partition {
		return t
	}
	return nil
}

// A hiddenRowSecurity tells that code whose text tells nothing speaks of row security.
type hiddenRowSecurity bool

func hiddenSecurity(p *lint.Pass) hiddenRowSecurity {
	return lint.Remember(p, func() hiddenRowSecurity {
		return hiddenRowSecurity(slices.ContainsFunc(p.Opaque(), func(s *lint.Statement) bool { return speaksOfRowSecurity(s.SQL) }))
	})
}

func speaksOfRowSecurity(sql string) bool {
	sql = strings.ToUpper(sql)
	return strings.Contains(sql, "ROW LEVEL SECURITY") || strings.Contains(sql, "POLICY")
}
