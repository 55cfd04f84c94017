package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

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
