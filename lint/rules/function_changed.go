package rules

import (
	"regexp"
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var functionChanged = &lint.Rule{
	ID: "function-changed", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Made,
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
			before := renamedTypes(p, was, false)
			if slices.Equal(was.args, is.args) && before != is.result && renamedTypes(p, was, true) != is.result && !was.made.New {
				p.Reportf(0, "%s returned %s and now returns %s, which breaks code that reads the old result; give the new one another name", is, before, is.result)
			}
		}
	},
}

// renamedTypes writes the result of a function with the names that its tables and
// types have got since: a renamed table is the same type. It is written as it was
// before the review, or as it is now.
func renamedTypes(p *lint.Pass, was olderFunction, now bool) string {
	result := was.result
	for e := range p.Renames() {
		if e.IsBehind(&was.made) && (now || !e.New) {
			result = regexp.MustCompile(`\b`+regexp.QuoteMeta(e.Name.String())+`\b`).ReplaceAllLiteralString(result, e.To.String())
		}
	}
	return result
}
