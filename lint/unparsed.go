package lint

import (
	"regexp"
	"strings"

	"github.com/migvet/migvet/lint/facts"
)

// syntaxError is the SQLSTATE of what the server does not read either.
const syntaxError = "42601"

// unparsedTable matches the beginning of a CREATE TABLE, whatever comes behind the name.
var unparsedTable = regexp.MustCompile(`(?i)^CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:(` + identifier + `)\s*\.\s*)?(` + identifier + `)\s*\(`)

const identifier = `"(?:[^"]|"")+"|[\pL_][\pL\pN_$]*`

// unparsedFacts are what a statement that the parser does not know makes by its first words:
// the table of a CREATE TABLE. What is said of the statements behind it then knows that the
// table is new. All else of it stays unknown.
func unparsedFacts(s *Statement) []facts.Fact {
	if s.Node != nil {
		return nil
	}
	m := unparsedTable.FindStringSubmatch(s.SQL)
	if m == nil {
		return nil
	}
	table := facts.Name{Kind: facts.Table, Schema: readIdentifier(m[1]), Name: readIdentifier(m[2])}
	return []facts.Fact{{Verb: facts.Made, Maybe: true, Name: table}}
}

// readIdentifier returns the name that an identifier stands for: orders of Orders.
func readIdentifier(text string) string {
	if quoted, is := strings.CutPrefix(text, `"`); is {
		return strings.ReplaceAll(strings.TrimSuffix(quoted, `"`), `""`, `"`)
	}
	return strings.ToLower(text)
}
