package lint

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// QuoteIdentifier writes a name as PostgreSQL's quote_ident does: in quotes
// unless it is lower case without anything special, and no word of SQL but an
// unreserved one. "values" can be a column's name without quotes; it is not
// read as one everywhere.
func QuoteIdentifier(name string) string {
	if isPlainIdentifier(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func isPlainIdentifier(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r == '_'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	tokens, err := Scan(name)
	if err != nil || len(tokens) != 1 {
		return false
	}
	kind := tokens[0].KeywordKind
	return kind == pg.KeywordKind_NO_KEYWORD || kind == pg.KeywordKind_UNRESERVED_KEYWORD
}
