package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferTimestamptz = &lint.Rule{
	ID: "prefer-timestamptz", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "A moment has no time zone",
	Why:   "`timestamp` stores what the writer's clock shows and nobody knows where. With sessions in several time zones, or at the end of summer time, two rows with the same value mean different moments. `timestamptz` has the same size, stores the moment, and shows it in the time zone of the reader.\n\nhttps://www.postgresql.org/docs/current/datatype-datetime.html",
	Fix:   "```sql\ncreated_at timestamptz NOT NULL DEFAULT now()\n```\n\nFor what is meant as a wall clock (\"9:00 wherever the shop is\"), say so: `-- migvet:ignore prefer-timestamptz reason`.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Name == "timestamp" {
				f := p.Reportf(c.location, "%s holds no moment but what a clock shows somewhere; use timestamptz", c.name)
				offerType(p, f, c.declared, "timestamptz")
			}
		}
	},
}
