package session_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/session"
)

func TestRunning(t *testing.T) {
	where := "SQL statement \"SELECT (SELECT name FROM users WHERE id = k)\"\n" +
		"PL/pgSQL function user_name(bigint) line 1 at RETURN\n" +
		"SQL function \"greeting\" statement 1\n" +
		"PL/pgSQL function app.posts_byline() line 1 at assignment\n" +
		"PL/pgSQL function app.posts_byline() line 1 at assignment"
	want := []string{"user_name(bigint)", "greeting()", "app.posts_byline()"}
	if got := session.Running(&pgconn.PgError{Where: where}); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := session.Running(nil); got != nil {
		t.Errorf("%q of no refusal", got)
	}
}
