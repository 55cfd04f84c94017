package rules

import (
	"regexp"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var defaultSentinel = &lint.Rule{
	ID: "default-sentinel", Group: lint.GroupDefault, Severity: lint.Notice,
	On:    facts.Made | facts.Changed,
	Title: "A default stands for no value",
	Why: "`'1970-01-01'`, `'2000-01-01'`, `'9999-12-31'`, a UUID of zeros, or 0 in a column that references another table: a value that nobody means, there to please `NOT NULL`. Queries have to know it: it is in every `min`, `max`, average and comparison, and `IS NULL` does not find it. " +
		"In a foreign key it is checked as well: unless the other table has such a row, every `INSERT` that leaves the column out fails (`23503`), and so does `ADD COLUMN` as soon as there is a row.\n\n" +
		"`''` and 0 elsewhere are not reported: they are often meant.",
	Fix: "Let the column be NULL where there is no value; that is what NULL is for.",
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			switch {
			case referencing(p, d.column) && noReference.MatchString(d.Text):
				p.Reportf(d.defaultLocation(), "%s has to be a row of the table it references, on every database, or INSERT fails (23503); leave the default out, NULL references nothing", d)
			case d.typ.IsTime() && sentinelTime.MatchString(d.Text) || d.typ.Is("uuid") && zeroUUID.MatchString(d.Text):
				p.Reportf(d.defaultLocation(), "%s stands for no value, which every query then has to know; allow NULL", d)
			}
		}
	},
}

var (
	sentinelTime = regexp.MustCompile(`^(0001|1000|1753|1899|1900|1970|2000|2999|9999)-(01-01|12-3[01])([ T]|$)`)
	zeroUUID     = regexp.MustCompile(`^\{?0{8}-?0{4}-?0{4}-?0{4}-?0{12}\}?$`)
	noReference  = regexp.MustCompile(`^(-1|0+|)$|` + zeroUUID.String())
)

// referencing tells whether the review gives a column a foreign key of its own.
func referencing(p *lint.Pass, c column) bool {
	for e := range p.ObjectAfter(facts.Named(facts.Table, c.table)).Reviewed(p) {
		if k := constraintMade(e); k.kind == lint.ForeignKey && len(k.columns) == 1 && k.columns[0] == c.name {
			return true
		}
	}
	return false
}
