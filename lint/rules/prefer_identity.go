package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferIdentity = &lint.Rule{
	ID: "prefer-identity", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A column is serial",
	Why: "`serial` is no type: it makes a sequence that belongs to somebody and has privileges of its own, and a default that any `INSERT` can go past, so that the next value of the sequence is taken already (`23505`). Copying a table with `LIKE` shares its sequence.\n\n" +
		"An identity column is part of the standard, needs no privilege on a sequence, and with `GENERATED ALWAYS` refuses values from elsewhere.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-identity-columns.html",
	Fix: "```sql\nid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY\n```",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if facts.IsSerial(c.declared) {
				p.Reportf(c.location, "%s is %s, a default that INSERT can go past; use GENERATED ALWAYS AS IDENTITY", c.name, facts.LastWord(c.declared.Names))
			}
		}
	},
}
