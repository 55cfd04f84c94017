package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// almostBreakpoint matches lines that were meant as Drizzle's marker.
var almostBreakpoint = lazyregexp.New(`(?im)--[ \t]*>?[ \t]*statement[-_ \t]*breakpoint`)

// oneStatementDrivers are drizzle.config's names of drivers that prepare what
// they send.
var oneStatementDrivers = []string{"pglite", "aws-data-api"}

// breakpoints reports what is written between the statements of new migrations.
func (r *review) breakpoints(driver string) {
	for _, s := range r.added {
		if s.missing || s.unreadable {
			continue
		}
		for _, at := range almostBreakpoint.FindAllStringIndex(s.text, -1) {
			if found := s.text[at[0]:at[1]]; !strings.HasSuffix(found, breakpoint) {
				r.report(rules.BreakpointMisspelt.At(s.path, at[0], at[1], fmt.Sprintf(
					"%q is a comment to Drizzle, so what stands before and behind it is sent as one message, which PGlite and neon-http refuse; write %s", found, breakpoint)))
			}
		}
		r.severalStatements(s, driver)
	}
}

// severalStatements reports messages of more than one statement.
func (r *review) severalStatements(s *step, driver string) {
	m := r.new[s]
	for chunk := range m.Chunks {
		sent := m.Sent(chunk)
		if len(sent) < 2 {
			continue
		}
		f := rules.SeveralStatementsSent.AtStatement(m, sent[1], fmt.Sprintf(
			"Drizzle sends this together with the statement before it, and drivers that prepare statements refuse %d at once (42601); write %s between them", len(sent), breakpoint))
		if slices.Contains(oneStatementDrivers, driver) {
			f.Severity = lint.Warning
			f.Message += fmt.Sprintf(" (drizzle.config: driver %s)", driver)
		}
		r.report(f)
	}
}
