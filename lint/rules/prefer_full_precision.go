package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferFullPrecision = &lint.Rule{
	ID: "prefer-full-precision", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A time is rounded to seconds",
	Why: "`timestamptz(0)` rounds, it does not cut: a moment is stored as one up to half a second later, which can lie in the future, on the next day, or behind the end of what it belongs to. It saves no space.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-datetime.html",
	Fix: "Use `timestamptz` without a precision, and round when showing it: `date_trunc('second', at)`.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Is("timestamp", "timestamptz", "time", "timetz") && len(c.typ.Mods) == 1 && c.typ.Mods[0] == 0 {
				p.Reportf(c.location, "%s rounds up to half a second into the future; leave out the precision, and use date_trunc where it is shown", c.name)
			}
		}
	},
}
