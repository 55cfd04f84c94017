package session

import (
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// Refusal converts an error of the server; nil when err is something else (the
// connection died, the deadline passed, the server ended the session).
func Refusal(err error) *pgconn.PgError {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.SeverityUnlocalized != "FATAL" && pe.SeverityUnlocalized != "PANIC" {
		return pe
	}
	return nil
}

// SQLError places a refusal in the file. text is what was sent, from the given
// byte of the file on; the server counts characters of it.
func SQLError(pe *pgconn.PgError, text string, start int) *lint.SQLError {
	e := &lint.SQLError{SQLState: pe.Code, Message: pe.Message, Detail: pe.Detail, Hint: pe.Hint, Offset: lint.NoPos}
	if pe.Position > 0 {
		e.Offset = start + lint.CharacterOffset(text, int(pe.Position)-1)
	}
	return e
}

// SQLSTATEs that decide what happens next.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	ActiveTransaction = "25001" // cannot run inside a transaction block
	NoPrivilege       = "42501"
	DuplicateObject   = "42710"

	endsTransaction   = "2D000" // COMMIT in a DO block or procedure inside one
	failedTransaction = "25P02" // an earlier statement of the transaction failed
	queryCanceled     = "57014"
	ioError           = "58030"
)

// ShortOfResources reports whether a refusal is about the throw-away server: it
// ran out of disk or memory, or into a limit of ours, or met an error of its own.
func ShortOfResources(state string) bool {
	return strings.HasPrefix(state, "53") || strings.HasPrefix(state, "XX") || state == ioError
}

// CausedByData reports whether a refusal is about rows: the same statement could
// succeed on others. P0001 is the migration's own RAISE EXCEPTION. Not of that kind is
// the role that SET ROLE does not find, although its SQLSTATE says so.
func CausedByData(e *lint.SQLError) bool {
	if missingRole.MatchString(e.Message) {
		return false
	}
	return strings.HasPrefix(e.SQLState, "22") || strings.HasPrefix(e.SQLState, "23") ||
		slices.Contains([]string{"P0001", "P0002", "P0003", "21000"}, e.SQLState)
}

var missingRole = lazyregexp.New(`^role ".+" does not exist$`)

// FollowsFailure reports whether a refusal can be the consequence of an earlier
// statement that did not run: something is missing or still there.
func FollowsFailure(state string) bool {
	return strings.HasPrefix(state, "42") || state == "2BP01" || state == "3F000" || state == failedTransaction
}

// IsDuplicate reports whether a refusal says that what a CREATE makes is there: a
// role or another object, a schema, a relation, a function.
func IsDuplicate(state string) bool {
	return slices.Contains([]string{DuplicateObject, "42P06", "42P07", "42723"}, state)
}

// RefusesTransaction reports whether a refusal says that a statement wants to be
// its own transaction, or to end some.
func RefusesTransaction(state string) bool {
	return state == ActiveTransaction || state == endsTransaction
}
