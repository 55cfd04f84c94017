package rules

import "github.com/migvet/migvet/lint"

var functionBreaks = &lint.Rule{
	ID: "function-breaks", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "The body of a function no longer fits the schema",
	Why: "PostgreSQL keeps the body of a function between quotes as text, and does not look into it when a table or a column that it names is dropped or renamed. The next call fails. " +
		"The trial lets the server look into the bodies that the migrations can reach, before them and after: a function in SQL is made anew as it is, in a transaction that is rolled back; of one in PL/pgSQL each query is prepared, with parameters for its variables, and not run. Bodies in `BEGIN ATOMIC` cannot break: PostgreSQL knows what they use.\n\n" +
		"Not reported of functions that the review replaces or drops, and of `EXECUTE`. A trigger function that a write runs is `write-breaks`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createfunction.html",
	Fix: "Replace the function in the same migration, or drop it if nobody calls it.",
	Check: func(p *lint.Pass) {
		for _, b := range breaksOf(p) {
			if b.Function != "" {
				f := p.Reportf(0, "function %s fails from here on: %s", unqualified(p, b.Function), b.Err.Message)
				p.Measured(f, "its body was accepted before the migrations under review: %s", b.Err)
			}
		}
	},
}
