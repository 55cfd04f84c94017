package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var enumValueUnplaced = &lint.Rule{
	ID: "enum-value-unplaced", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Changed,
	Title: "A new enum value does not say where it stands",
	Why: "The order of an enum's values is the order of `ORDER BY`, `<` and `max`. Without `BEFORE` or `AFTER` a new value is the greatest, and it cannot be moved later.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertype.html",
	Fix: "```sql\nALTER TYPE priority ADD VALUE 'urgent' AFTER 'high';\n```",
	Check: func(p *lint.Pass) {
		if s := p.Node().GetAlterEnumStmt(); s != nil && s.OldVal == "" && s.NewValNeighbor == "" {
			p.Reportf(0, "'%s' becomes the greatest value of %s, which cannot be changed later; say BEFORE or AFTER", s.NewVal, strings.Join(facts.Words(s.TypeName), "."))
		}
	},
}
