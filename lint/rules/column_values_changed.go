package rules

import (
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

var columnValuesChanged = &lint.Rule{
	ID: "column-values-changed", Group: lint.GroupData, Severity: lint.Warning,
	Title: "A new type rounds or cuts the values of a column, without an error",
	Why: "PostgreSQL converts with an assignment cast, and some of those lose a part of the value in silence: `numeric` and `double precision` to integers or a smaller scale round, `double precision` to `real` keeps about 7 digits, `timestamp` to `date` drops the time of day, a smaller precision of times rounds, `json` to `jsonb` keeps the last of several equal keys. " +
		"An explicit cast, as in `USING name::varchar(3)`, also cuts text that is too long. Casting back brings nothing back.\n\n" +
		"The trial compares each value, cast back to the old type, with what it was. Expressions in `USING` that compute something else are meant to change values and are not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE",
	Fix: "Look for values that would change first:\n\n```sql\nSELECT count(*) FROM orders WHERE total <> total::int;\n```\n\n" +
		"When the loss is meant, keep the old values until nobody has missed them: add a column of the new type, fill it, and drop the old one later.",
	Measured: true,
	Check: func(p *lint.Pass) {
		if !p.Tried() {
			return
		}
		for _, c := range p.Effect().Changed {
			checkChangedValues(p, c)
		}
	},
}

func checkChangedValues(p *lint.Pass, c lint.ColumnChange) {
	label, location := unqualified(p, c.Table)+"."+c.Column, int32(0)
	for _, change := range typeChanges(p) {
		if change.Name != c.Column || catalogName(p, change.table) != c.Table {
			continue
		}
		if _, computed := readUsing(change.GetDef().GetColumnDef().GetRawDefault(), c.Column); computed {
			return
		}
		label, location = change.label(), change.location
	}
	f := p.Reportf(location, "changing %s changes values without an error, and nothing brings them back; look for such values first, or keep the old column", label)
	p.Measured(f, "%s of %s changed, seen by casting back", noun.Count(c.Rows, "row"), unqualified(p, c.Table))
}
