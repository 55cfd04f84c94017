package rules

import "github.com/migvet/migvet/lint"

var byteOrderMark = &lint.Rule{
	ID: holdsMark, Group: lint.GroupMeta, Severity: lint.Error,
	Title: "A migration begins with a byte order mark",
	Why: "Some editors put three invisible bytes (EF BB BF) in front of UTF-8. PostgreSQL takes them for a part of the first word and refuses the statement. " +
		"psql and Flyway remove them; other migration tools send them, or do not find their own marker behind them.",
	Fix:      "Save the file as UTF-8 without BOM.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		if whyNotSQL(p) == holdsMark && !p.Tried() {
			p.Reportf(0, "the file begins with a byte order mark, which %s sends and PostgreSQL refuses; save it as UTF-8 without BOM", toolName(p))
		}
	},
}
