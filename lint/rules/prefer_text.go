package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferText = &lint.Rule{
	ID: "prefer-text", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A text has a length in its type",
	Why:   "`varchar(n)` and `text` are stored alike and are equally fast. The limit is part of the type: to lower it rewrites the table, views and functions that name it have to be made again, and a value that is too long is an error (`22001`) wherever it comes from.\n\nhttps://www.postgresql.org/docs/current/datatype-character.html",
	Fix:   "```sql\nname text CHECK (length(name) <= 200)\n```\n\nA `CHECK` can be replaced without rewriting: add the new one `NOT VALID`, validate it, drop the old one.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Name == "varchar" && len(c.typ.Mods) > 0 {
				p.Reportf(c.location, "%s has a length in its type, which is laborious to change; use text, and a CHECK where the length matters", c.name)
			}
		}
	},
}
