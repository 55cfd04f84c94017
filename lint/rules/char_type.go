package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var charType = &lint.Rule{
	ID: "char-type", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A text is padded with spaces",
	Why:   "`char(n)` fills every value with spaces up to its length, ignores them in comparisons but not in `LIKE`, and loses them when cast to `text`. It is neither smaller nor faster. `char` without a length is `char(1)`.\n\nhttps://www.postgresql.org/docs/current/datatype-character.html",
	Fix:   "Use `text`, with a `CHECK (length(code) = 2)` where the length matters.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Name == "bpchar" {
				f := p.Reportf(c.location, "%s is char(n), which pads every value with spaces; use text", c.name)
				offerType(p, f, c.declared, "text")
			}
		}
	},
}
