package session

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// createsInBody finds the statement in a DO block, as it stands or as the whole text of
// an EXECUTE: EXECUTE 'CREATE EXTENSION pg_cron'.
var createsInBody = lazyregexp.New(`(?i)'?\bcreate\s+extension\b[^;'$]*;?'?`)

// A createdInBody is a CREATE EXTENSION in the text of a DO block, at bytes of it.
type createdInBody struct {
	start, end int
	isText     bool // the whole of a string
	statement  *pg.CreateExtensionStmt
}

// inBody returns what a DO block creates, as far as it stands in its text. Whether it gets
// there when it runs is for the server to tell.
func inBody(s *lint.Statement) (all []createdInBody) {
	if s.Node.GetDoStmt() == nil {
		return nil
	}
	for _, at := range createsInBody.FindAllStringIndex(s.SQL, -1) {
		found := s.SQL[at[0]:at[1]]
		opened, closed := strings.HasPrefix(found, "'"), strings.HasSuffix(found, "'")
		if opened != closed || !opened && !strings.HasSuffix(found, ";") || isInString(s.SQL[:at[0]]) {
			continue
		}
		statements, _ := lint.Parse(strings.Trim(found, "';"))
		if len(statements) != 1 || statements[0].Node.GetCreateExtensionStmt() == nil {
			continue
		}
		all = append(all, createdInBody{at[0], at[1], opened, statements[0].Node.GetCreateExtensionStmt()})
	}
	return all
}

// call is what is sent in the place of the statement.
func (c createdInBody) call() quote.SQL {
	call := provideExtensionSQL(c.statement)
	if c.isText {
		return quote.Text(call.ForServer())
	}
	return "PERFORM " + call[len("SELECT "):] + ";"
}

// isInString reports whether a string is open behind a text, as in RAISE NOTICE 'run CREATE
// EXTENSION pg_cron; then go on'. An apostrophe in a comment deceives it, and the statement
// is sent as it stands.
func isInString(before string) bool { return strings.Count(before, "'")%2 != 0 }
