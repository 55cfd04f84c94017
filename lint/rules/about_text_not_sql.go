package rules

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// What migration files hold beside SQL, by the rule that tells of it.
const (
	holdsMark     = "byte-order-mark"
	holdsCommand  = "psql-command"
	holdsRows     = "copy-without-rows"
	holdsTemplate = "template-unfilled"
)

var (
	psqlCommandLine = regexp.MustCompile(`(?m)^[ \t]*(\\[A-Za-z!?]\w*)`)
	templateMark    = regexp.MustCompile(`\{\{.*?\}\}|\$\{[^}\n]*\}|<%.*?%>`)
	endOfRows       = regexp.MustCompile(`(?m)^\\\.\r?$`)
)

// whyNotSQL says what of no dialect of SQL keeps a statement from being parsed; ""
// when it is just not known.
func whyNotSQL(p *lint.Pass) string {
	s := p.Statement
	switch {
	case s.Rest:
		return lint.RestNotLinted.ID
	case s.ParseError == nil:
		return ""
	case startsWithMark(p):
		return holdsMark
	case isRows(p):
		return holdsRows
	case psqlCommandLine.MatchString(s.SQL):
		return holdsCommand
	case templateMark.MatchString(s.SQL):
		return holdsTemplate
	}
	return ""
}

func startsWithMark(p *lint.Pass) bool {
	return strings.HasPrefix(p.Migration.Source, "\ufeff") && len(p.Above()) == 0
}

// isRows tells whether a statement that does not parse is what should be the
// rows of a COPY … FROM STDIN before it.
func isRows(p *lint.Pass) bool {
	known := lint.Remember(p, func() rowsBehind { return rowsBehind{} })
	if known[p.Migration] == nil {
		known[p.Migration] = findRows(p.Migration.Statements())
	}
	return known[p.Migration][len(p.Above())]
}

// rowsBehind tells of each statement of a migration whether rows are awaited there.
type rowsBehind map[*lint.Migration][]bool

func findRows(statements []*lint.Statement) []bool {
	awaited, found := false, make([]bool, len(statements))
	for i, s := range statements {
		found[i] = awaited
		switch {
		case wantsRows(s):
			awaited = true
		case awaited && strings.Contains(s.SQL, `\.`) && endOfRows.MatchString(s.SQL):
			awaited = false
		}
	}
	return found
}

// wantsRows tells whether a statement is COPY … FROM STDIN and gets none.
func wantsRows(s *lint.Statement) bool {
	n, ok := s.Node.GetNode().(*pg.Node_CopyStmt)
	return ok && n.CopyStmt.IsFrom && n.CopyStmt.Filename == "" && s.Rows == nil
}

// toolName is who runs the file.
func toolName(p *lint.Pass) string {
	if p.History.Tool == "" {
		return "a migration tool"
	}
	return p.History.Tool
}
