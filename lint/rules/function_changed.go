package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
)

var functionChanged = &lint.Rule{
	ID: "function-changed", Group: lint.GroupCompat, Severity: lint.Warning,
	Title: "A function returns something else",
	Why: "`CREATE OR REPLACE` refuses to change what a function returns, so it is dropped and made again. Code that still runs gets another type, or other columns, than it reads; functions and views that call it in their text fail on the next call.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createfunction.html",
	Fix: "Give the new one another name, move the code over, and drop the old one when nobody calls it.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateFunctionStmt()
		if s == nil || s.IsProcedure {
			return
		}
		is := signatureOf(s)
		for _, was := range olderFunctions(p, s) {
			if slices.Equal(was.args, is.args) && was.result != is.result && !slices.Contains(underReview(p), was.statement) {
				p.Reportf(0, "%s returned %s and now returns %s, which breaks code that reads the old result; give the new one another name", is, was.result, is.result)
			}
		}
	},
}
