package session

import (
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// routineIn matches a line of a message's context:
//
//	PL/pgSQL function user_name(bigint) line 1 at RETURN
//	SQL function "my_org" statement 1
var routineIn = lazyregexp.New(`^(?:PL/pgSQL function (.+?\)) (?:line \d+|while|during)|SQL function "(.+)" (?:statement|during))`)

// Running are the functions that ran when the server refused something, the innermost
// first: "user_name(bigint)", "posts_byline()". Of those in SQL it tells no arguments.
func Running(pe *pgconn.PgError) (names []string) {
	if pe == nil {
		return nil
	}
	for line := range strings.Lines(pe.Where) {
		m := routineIn.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		name := m[1]
		if m[2] != "" {
			name = m[2] + "()"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
