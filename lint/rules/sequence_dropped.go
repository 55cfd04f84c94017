package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var sequenceDropped = &lint.Rule{
	ID: "sequence-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A sequence is dropped",
	Why: "Where it stood is lost: a sequence that is made again begins at 1 and returns numbers that are taken. PostgreSQL refuses while a default uses it (`2BP01`); code that calls `nextval` fails with `42P01`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropsequence.html",
	Fix: "First deploy code that does not call `nextval` on it. For one that is made again, keep the position:\n\n" +
		"```sql\nSELECT setval('orders_number_seq', (SELECT max(number) FROM orders));\n```",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "sequence") {
			if isNewObject(p, r.Name) {
				continue
			}
			if p.MadeAgain(r.Name) != nil {
				p.Reportf(r.location, "sequence %s is made again below and begins anew: it returns numbers that are taken; change it with ALTER SEQUENCE, or call setval", r)
				continue
			}
			p.Reportf(r.location, "dropping sequence %s breaks code that calls nextval on it%s; first deploy code that does not", r, stillMentioned(p, r.Name))
		}
	},
}
