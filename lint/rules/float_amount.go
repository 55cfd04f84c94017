package rules

import (
	"regexp"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var floatAmount = &lint.Rule{
	ID: "float-amount", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Made | facts.Changed,
	Title: "An amount of money is a binary fraction",
	Why: "`real` and `double precision` hold binary fractions: 0.10 is none, so that sums are off by a cent and `=` finds nothing. `real` keeps little more than six digits: 1234567.89 comes back as 1234567.9.\n\n" +
		"Told by the column's name: price, amount, total, cost, fee, balance and the like.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT",
	Fix: "Use `numeric(12, 2)`, or an integer of the smallest unit.",
	Check: func(p *lint.Pass) {
		for _, c := range typedColumns(p) {
			if c.typ.Is("float4", "float8") && moneyName.MatchString(c.name) {
				f := p.Reportf(c.location, "%s is %s, in which 0.10 is not 0.10; use numeric, or an integer of the smallest unit", c.name, c.typ)
				p.TellInSeries(f, "float", c.name)
			}
		}
	},
}

// moneyName matches names of columns, with their tables, that are about money.
var moneyName = regexp.MustCompile(`(?i)[._](unit_?|sub_?|grand_?|net_?|gross_?|total_?|base_?|list_?)?(price|amount|cost|fee|balance|salary|wage|revenue|invoice_?total|subtotal|grand_?total|refund|payout|deposit)(_?(usd|eur|gbp|net|gross|total|amount|paid|due))?$`)
