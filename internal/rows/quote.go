package rows

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

func quoteName(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// quoteText needs standard_conforming_strings, which openSession sets.
func quoteText(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// isServerError tells an answer of PostgreSQL from a broken connection.
func isServerError(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e)
}

func sqlState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
