package rows

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
)

func quoteName(name string) string { return string(quote.Name(name)) }

func quoteText(text string) string { return string(quote.Text(text)) }

// plannedSQL is what a plan comes to: names that are quoted, expressions as the
// server itself writes them (pg_get_expr), and values of this package. It is sent in
// sessions of the filler, who is no superuser.
func plannedSQL(text string) quote.SQL { return quote.SQL(text) }

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
