package trial

import (
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/lint"
)

// refusal converts an error of the server; nil when err is something else (the
// connection died, the deadline passed, the server ended the session).
func refusal(err error) *pgconn.PgError {
	var pe *pgconn.PgError
	if errors.As(err, &pe) && pe.SeverityUnlocalized != "FATAL" && pe.SeverityUnlocalized != "PANIC" {
		return pe
	}
	return nil
}

// sqlError places a refusal in the file. text is what was sent, from the given
// byte of the file on; the server counts characters of it.
func sqlError(pe *pgconn.PgError, text string, start int) *lint.SQLError {
	e := &lint.SQLError{SQLState: pe.Code, Message: pe.Message, Detail: pe.Detail, Hint: pe.Hint, Offset: lint.NoPos}
	if pe.Position > 0 {
		e.Offset = start + lint.CharacterOffset(text, int(pe.Position)-1)
	}
	return e
}

// SQLSTATEs that this package decides by.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	activeTransaction = "25001" // cannot run inside a transaction block
	endsTransaction   = "2D000" // COMMIT in a DO block or procedure inside one
	failedTransaction = "25P02" // an earlier statement of the transaction failed
	queryCanceled     = "57014"
	noPrivilege       = "42501"
	duplicateObject   = "42710"
	ioError           = "58030"
)

// shortOfResources tells whether a refusal is about the throw-away server: it
// ran out of disk or memory, or into a limit of ours, or met an error of its own.
func shortOfResources(state string) bool {
	return strings.HasPrefix(state, "53") || strings.HasPrefix(state, "XX") || state == ioError
}

// causedByData tells whether a refusal is about rows: the same statement could
// succeed on others. P0001 is the migration's own RAISE EXCEPTION.
func causedByData(state string) bool {
	return strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23") ||
		slices.Contains([]string{"P0001", "P0002", "P0003", "21000"}, state)
}

// followsFailure tells whether a refusal can be the consequence of an earlier
// statement that did not run: something is missing or still there.
func followsFailure(state string) bool {
	return strings.HasPrefix(state, "42") || state == "2BP01" || state == "3F000" || state == failedTransaction
}
