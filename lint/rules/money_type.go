package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var moneyType = &lint.Rule{
	ID: "money-type", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "An amount depends on a locale",
	Why:   "The number of digits behind the point, the currency sign and what is accepted as input come from the setting `lc_monetary`, not from the value: a dump read on a server with another locale means other amounts. There is no currency in it, and division rounds.\n\nhttps://www.postgresql.org/docs/current/datatype-money.html",
	Fix:   "Use `numeric(12, 2)` or an integer of the smallest unit, with a column for the currency.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Name == "money" {
				p.Reportf(c.location, "%s is money, whose fraction and sign depend on lc_monetary; use numeric", c.name)
			}
		}
	},
}
