package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyDropped = &lint.Rule{
	ID: "policy-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:      facts.Dropped,
	Remains: true,
	Title:   "A row security policy is dropped",
	Why: "Permissive policies are joined with `OR`: without one of them rows become invisible, and without the last of them all rows do, because row security denies what no policy allows. " +
		"Restrictive policies are joined with `AND`: without one, roles see rows they were not meant to see. Neither makes a statement fail; queries return other rows.\n\n" +
		"A policy that the same migration makes again is not reported.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Change a policy with `ALTER POLICY`, or drop and create it in one migration that runs in a transaction.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "policy") {
			if isNewObject(p, r.Name) || p.MadeAgain(r.Name) != nil {
				continue
			}
			f := p.Reportf(r.location, "dropping %s changes which rows roles see and write, and nothing will fail; query the table as each role that uses it", r.Phrase())
			p.TellInSeries(f, "changes", r.Phrase())
		}
	},
}
