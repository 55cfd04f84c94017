package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var nameNeedsQuotes = &lint.Rule{
	ID: "name-needs-quotes", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Renamed,
	Title: "A name has to be quoted in every query",
	Why: "PostgreSQL reads a name without quotes in lower case, so that `createdAt` only ever means `createdat`, and `SELECT user FROM …` is the name of the role that asks. " +
		"A name with capitals, spaces or a reserved word works as long as everybody writes quotes: ORMs do, people at a prompt, views and reports forget.\n\n" +
		"https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
	Fix: "Use lower case with underscores, and no word that SQL reserves: `created_at`, `users`. ORMs map names: `createdAt: timestamp('created_at')` (Drizzle), `@map` (Prisma).",
	Check: func(p *lint.Pass) {
		for _, name := range newNames(p) {
			if needsQuotes(name.Name) && !name.Kind.IsRoutine() {
				p.Reportf(0, "%s %q has to be quoted in every query; use lower case, underscores and no reserved word", name.Noun(), name.Name)
			}
		}
	},
}
