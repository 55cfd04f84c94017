package rules

import (
	"regexp"
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
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
			if slices.Equal(was.args, is.args) && was.result != is.result && renamedTypes(p, was.result) != is.result && !was.isNew {
				p.Reportf(0, "%s returned %s and now returns %s, which breaks code that reads the old result; give the new one another name", is, was.result, is.result)
			}
		}
	},
}

// renamedTypes writes a result with the names that the review has given to
// tables and types since: a renamed table is the same type.
func renamedTypes(p *lint.Pass, result string) string {
	for e := range p.Renames() {
		if !e.Name.Kind.IsRelation() && e.Name.Kind != facts.Type {
			continue
		}
		result = regexp.MustCompile(`\b`+regexp.QuoteMeta(e.Name.Name)+`\b`).ReplaceAllLiteralString(result, e.To.Name)
	}
	return result
}
