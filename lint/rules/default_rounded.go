package rules

import (
	"math/big"

	"github.com/migvet/migvet/lint"
)

var defaultRounded = &lint.Rule{
	ID: "default-rounded", Group: lint.GroupDefault, Severity: lint.Warning,
	Title: "A default has digits that the column does not keep",
	Why: "PostgreSQL rounds without a word when it stores a number: `integer DEFAULT 1.6` gives 2, `numeric(5,2) DEFAULT 1.005` gives 1.01, and `real` keeps about six digits of a whole number.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL",
	Fix: "Write the value that is meant, or use a type that keeps it: `numeric` without a scale, or with a larger one.",
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			n, ok := d.number()
			if !ok || !d.onlyCastTo("numeric") { // a cast to the type means it
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
	if fits, _ := inRange(n, d.typ); !fits {
		return ""
	}
	switch {
	case integerBits[d.typ.name] > 0 && !d.typ.array && d.kind == numberLiteral:
		return unlessEqual(n, roundTo(n, 0), 0)
	case d.typ.is("numeric") && len(d.typ.mods) > 0 && numericScale(d.typ) >= 0:
		return unlessEqual(n, roundTo(n, numericScale(d.typ)), numericScale(d.typ))
	case d.typ.is("float4") && n.IsInt():
		f, _ := n.Float32()
		return unlessEqual(n, new(big.Rat).SetFloat64(float64(f)), 0)
	case d.typ.is("float8") && n.IsInt():
		f, _ := n.Float64()
		return unlessEqual(n, new(big.Rat).SetFloat64(f), 0)
	}
	return ""
}

func unlessEqual(written, stored *big.Rat, digits int) string {
	if written.Cmp(stored) == 0 {
		return ""
	}
	return shorten(stored.FloatString(digits))
}
