package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// isSecurityDefiner tells whether the options of a function say that it runs with its
// owner's rights.
func isSecurityDefiner(options []*pg.Node) bool {
	definer, _ := facts.Option(options, "security")
	return definer.GetBoolean().GetBoolval()
}
