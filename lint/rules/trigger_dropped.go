package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var triggerDropped = &lint.Rule{
	ID: "trigger-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:      facts.Dropped,
	Remains: true,
	Title:   "A trigger is dropped",
	Why: "Nothing fails: what the trigger did (audit rows, `updated_at`, copies into other columns, checks) just stops. `DROP TRIGGER` also takes `ACCESS EXCLUSIVE` on the table for a moment.\n\n" +
		"A trigger that the same migration makes again is not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droptrigger.html",
	Fix: "Make sure that something else does its work, or that nobody needs it any more. To change a trigger, use `CREATE OR REPLACE TRIGGER` (PostgreSQL 14 and later), or drop and create it in one migration.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "trigger") {
			if isNewObject(p, r.Name) || p.MadeAgain(r.Name) != nil {
				continue
			}
			mentioned := stillMentioned(p, r.Name)
			f := p.Reportf(r.location, "dropping %s stops what it did for new and changed rows, and nothing will fail%s; make sure that nobody counts on it", r.Phrase(), mentioned)
			p.TellInSeries(f, "stops"+mentioned, r.Phrase())
		}
	},
}
