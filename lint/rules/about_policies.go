package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// opensTo says to whom a policy gives rows: "every role", "anon"; "" where each of its
// roles is one that somebody has logged in as, for all that its name says.
func opensTo(roles []*pg.Node) string {
	for _, n := range roles {
		switch r := n.GetRoleSpec(); {
		case r.GetRoletype() == pg.RoleSpecType_ROLESPEC_PUBLIC:
			return "every role"
		case slices.Contains([]string{"anon", "anonymous", "web_anon"}, r.GetRolename()):
			return r.GetRolename()
		}
	}
	return ""
}

// isTrue tells whether a policy's expression is the constant.
func isTrue(expression *pg.Node) bool {
	if expression == nil {
		return false
	}
	l, ok := sqlvalue.ReadLiteral(expression)
	return ok && (l.Text == "true" || l.Text == "t")
}

// asksTable tells whether a query in an expression reads the table.
func asksTable(expression *pg.Node, table *pg.RangeVar) (asks bool) {
	facts.Walk(expression, func(n *pg.Node) bool {
		asks = asks || n.GetRangeVar() != nil && facts.SameRelation(n.GetRangeVar(), table)
		return !asks
	})
	return asks
}
