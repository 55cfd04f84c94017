package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// isCatalog tells whether a name is that of a catalog. Without a schema it is found before
// any table of people.
func isCatalog(r *pg.RangeVar) bool {
	return r.GetSchemaname() == "pg_catalog" || r.GetSchemaname() == "" && strings.HasPrefix(r.GetRelname(), "pg_")
}
