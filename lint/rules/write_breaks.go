package rules

import "github.com/migvet/migvet/lint"

var writeBreaks = &lint.Rule{
	ID: "write-breaks", Group: lint.GroupTrial, Severity: lint.Error, Measured: true,
	Title: "A read or a write that worked before the migration fails after it",
	Why: "The trial does what applications do, before the migrations and after them: it inserts a row that a table held, updates each column to itself, deletes a row, reads tables as their roles. What worked and does not any more is reported at the statement after which it fails for good. " +
		"The code in the database is the usual cause: the body of a trigger, a function or a policy is text to PostgreSQL, so a column that it names can be dropped or renamed, and a new trigger function can be wrong from the start. The migration applies, and every `INSERT` fails.\n\n" +
		"It is also reported when a write passes and no row is written: a `BEFORE` trigger that returns `NULL` drops the row without an error.\n\n" +
		"Not reported: what a rule says already of the application's own SQL (a column that is gone, one that became required), values that a new constraint refuses, code that refuses by itself (`RAISE`), and a trigger that drops some rows only (`RETURN NULL` beside `RETURN NEW`). Repaired by a later statement of the same review, it is not reported either.\n\n" +
		"https://www.postgresql.org/docs/current/plpgsql-trigger.html",
	Fix: "Change the code in the same migration, before what it names goes:\n\n```sql\nCREATE OR REPLACE FUNCTION invoices_sync() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN NEW;\nEND $$;\nALTER TABLE invoices DROP COLUMN legacy_total;\n```",
	Check: func(p *lint.Pass) {
		for _, b := range breaksOf(p) {
			switch {
			case b.Function != "" || isOfRights(b):
			case b.Err == nil:
				reportVanishing(p, b)
			default:
				f := p.Reportf(0, "%s from here on%s: %s", deeds(p, b, "fails", "fail"), inCode(b), b.Err.Message)
				p.Measured(f, "it worked before the migrations under review: %s", b.Err)
			}
		}
	},
}

func reportVanishing(p *lint.Pass, b lint.Break) {
	who := "something returns NULL in a BEFORE trigger"
	if len(b.Triggers) > 0 {
		who = "trigger " + listed(b.Triggers) + " returns NULL, which drops the row"
	}
	f := p.Reportf(0, "%s no row from here on, and no error says so: %s; RETURN NEW, or OLD for a DELETE", deeds(p, b, "writes", "write"), who)
	p.Measured(f, "rows were written before the migrations under review, and none after")
}
