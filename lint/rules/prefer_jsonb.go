package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferJSONB = &lint.Rule{
	ID: "prefer-jsonb", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "JSON is stored as text",
	Why:   "`json` keeps the text as it came, spaces and duplicate keys included, and parses it for every access. It has no `=`, so `SELECT DISTINCT`, `GROUP BY` and `UNION` fail with `42883`, and no GIN index.\n\nhttps://www.postgresql.org/docs/current/datatype-json.html",
	Fix:   "Use `jsonb`; `json` only where the very text matters, as for a signature over it.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Name == "json" {
				f := p.Reportf(c.location, "%s is json, which is parsed anew by every query; use jsonb", c.name)
				offerType(p, f, c.declared, "jsonb")
			}
		}
	},
}
