package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var ruleDropped = &lint.Rule{
	ID: "rule-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:      facts.Dropped,
	Remains: true,
	Title:   "A rule is dropped",
	Why: "Statements on the table or view mean again what they say: rows that `DO INSTEAD NOTHING` kept are deleted, what a rule wrote elsewhere is not written, and a view that took its writes through rules refuses them (`55000`). " +
		"`DROP RULE` also takes `ACCESS EXCLUSIVE` for a moment.\n\n" +
		"A rule that the same migration makes again is not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droprule.html",
	Fix: "Make the trigger that does its work first, in the same migration.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "rule") {
			if isNewObject(p, r.Name) || p.MadeAgain(r.Name) != nil {
				continue
			}
			p.Reportf(r.location, "dropping %s lets statements through that it rewrote, and nothing will fail; make sure that nobody counts on it", r.Phrase())
		}
	},
}
