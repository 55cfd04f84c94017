package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferUUID = &lint.Rule{
	ID: "prefer-uuid", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A UUID is stored as text",
	Why: "As `text` a UUID takes 37 bytes instead of 16, in the row, in each index and in every foreign key to it. Comparing follows the collation, and `A0EE…` and `a0ee…` are two values.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-uuid.html",
	Fix: "```sql\nid uuid PRIMARY KEY DEFAULT gen_random_uuid()\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if c.expr == nil || !typeOf(p, c).IsText() {
				continue
			}
			expr := c.expr
			for expr.GetTypeCast() != nil {
				expr = expr.GetTypeCast().Arg
			}
			if name := facts.FunctionName(expr); strings.HasPrefix(name, "uuid") && !strings.Contains(name, "_ns_") || name == "gen_random_uuid" {
				p.Reportf(c.location, "%s holds UUIDs as text, which takes twice the room and compares by collation; use uuid", c)
			}
		}
	},
}
