package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var functionDropped = &lint.Rule{
	ID: "function-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A function, procedure or aggregate is dropped",
	Why: "PostgreSQL refuses while a trigger, default, index or view uses the function (`2BP01`). It does not know who else calls it: code, and the bodies of other functions, which are only text to PostgreSQL, fail with `42883` on the next call.\n\n" +
		"One that is made again in the same migration loses its grants and comments, which `CREATE OR REPLACE FUNCTION` keeps; that works unless the name or type of an argument or the result changes. That is told when an earlier statement grants or comments it.\n\n" +
		"A function that returns `trigger` is not reported: nothing but a trigger can call it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropfunction.html",
	Fix: "First deploy code that does not call it, and search the bodies of other functions:\n\n" +
		"```sql\nSELECT oid::regprocedure FROM pg_proc WHERE prosrc ILIKE '%name%';\n```",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "function", "procedure", "aggregate") {
			if isNewObject(p, r.Name) || onlyForTriggers(p, r.Name) {
				continue
			}
			if p.MadeAgain(r.Name) != nil {
				if !hasGrants(p, r.Name) {
					continue
				}
				f := p.Reportf(r.location, "%s is made again below: grants on it and comments are lost; repeat them, or use CREATE OR REPLACE", r.Phrase())
				f.Severity = lint.Notice
				p.TellInSeries(f, "made again", r.Phrase())
				continue
			}
			mentioned := stillMentioned(p, r.Name)
			f := p.Reportf(r.location, "dropping %s breaks code and function bodies that call it%s; first deploy code that does not", r.Phrase(), mentioned)
			p.TellInSeries(f, "breaks"+mentioned, r.Phrase())
		}
	},
}

// onlyForTriggers tells whether the nearest statement that makes the function
// says that it returns trigger.
func onlyForTriggers(p *lint.Pass, o facts.Name) bool {
	for e := range p.Object(o).Before(p) {
		if create, is := e.Tree.(*pg.CreateFunctionStmt); is {
			return returnsTrigger(create)
		}
	}
	return false
}
