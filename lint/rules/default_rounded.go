package rules

import (
	"math/big"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultRounded = &lint.Rule{
	ID: "default-rounded", Group: lint.GroupDefault, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A default has digits that the column does not keep",
	Why: "PostgreSQL rounds without a word when it stores a number: `integer DEFAULT 1.6` gives 2, `numeric(5,2) DEFAULT 1.005` gives 1.01, and `real` keeps about six digits of a whole number.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL",
	Fix: "Write the value that is meant, or use a type that keeps it: `numeric` without a scale, or with a larger one.",
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			n, ok := d.Number(d.typ)
			if !ok || !d.OnlyCastTo("numeric") { // a cast to the type means it
				continue
			}
			if stored := roundedTo(n, d); stored != "" {
				p.Reportf(d.defaultLocation(), "%s is stored as %s, as %s keeps no more; write the value that is meant or change the type", d, stored, d.typ)
			}
		}
	},
}

// roundedTo returns what a column keeps of a number; "" when it keeps it all,
// or cannot hold it.
func roundedTo(n *big.Rat, d constantDefault) string {
	if fits, _ := d.typ.Fits(n); !fits {
		return ""
	}
	switch {
	case d.typ.IsInteger() && d.Kind == sqlvalue.NumberLiteral:
		return unlessEqual(n, sqlvalue.Round(n, 0), 0)
	case d.typ.Is("numeric") && len(d.typ.Mods) > 0 && d.typ.Scale() >= 0:
		return unlessEqual(n, sqlvalue.Round(n, d.typ.Scale()), d.typ.Scale())
	case d.typ.Is("float4") && n.IsInt():
		f, _ := n.Float32()
		return unlessEqual(n, new(big.Rat).SetFloat64(float64(f)), 0)
	case d.typ.Is("float8") && n.IsInt():
		f, _ := n.Float64()
		return unlessEqual(n, new(big.Rat).SetFloat64(f), 0)
	}
	return ""
}

func unlessEqual(written, stored *big.Rat, digits int) string {
	if written.Cmp(stored) == 0 {
		return ""
	}
	return sqlvalue.Shorten(stored.FloatString(digits))
}
