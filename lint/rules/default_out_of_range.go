package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultOutOfRange = &lint.Rule{
	ID: "default-out-of-range", Group: lint.GroupDefault, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
	Title: "A default is a number that the column cannot hold",
	Why: "`CREATE TABLE` and `SET DEFAULT` keep a number as it is written and convert it only when a row needs it: the first INSERT that leaves the column out fails (SQLSTATE 22003). `ADD COLUMN` fails at once.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-numeric.html",
	Fix:      "Correct the number or widen the column: `bigint` for `integer`, more digits before the point for `numeric(precision, scale)`, where `precision` counts those behind it too.",
	Explains: []string{"22003"},
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			n, ok := d.Number(d.typ)
			if !ok || d.refuted(p) {
				continue
			}
			if fits, limit := d.typ.Fits(n); !fits {
				p.Reportf(d.defaultLocation(), "%s does not fit %s, which holds %s; %s", d, d.typ, limit, d.rangeOutcome(p))
			}
		}
	},
}

// rangeOutcome knows that the text of an integer or float is read at once,
// while the digits of a number are converted later.
func (d constantDefault) rangeOutcome(p *lint.Pass) string {
	if d.Kind == sqlvalue.StringLiteral && d.typ.Name != "numeric" && !p.Tried() {
		return "PostgreSQL refuses the statement"
	}
	return d.outcome()
}
