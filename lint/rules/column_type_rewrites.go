package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var columnTypeRewrites = &lint.Rule{
	ID: "column-type-rewrites", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Changed,
	Title: "Changing a column's type rewrites or reads the table while nobody can use it",
	Why: "`ALTER COLUMN … TYPE` holds `ACCESS EXCLUSIVE` and, unless the stored values can stay as they are, copies every row and builds every index again.\n\n" +
		"Free are: a longer `varchar`, `varchar` to `text`, `numeric` with more digits and the same scale, a higher precision of times, a longer `varbit`, `cidr` to `inet`, `xml` to `text`, a domain to its base type; " +
		"`timestamptz` to `timestamp` and back only when the session's `TimeZone` is UTC. `integer` to `bigint` is not, nor anything else. " +
		"Even a free change reads the table when a `CHECK` names the column, rebuilds the column's indexes when the collation changes, and locks and reads every table with a foreign key to it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix:    "Add a column of the new type, write both (a trigger can do it), backfill in batches, read the new one, drop the old one. For a shorter `varchar`, leave the type alone and add a `CHECK` as `NOT VALID`, validated later.",
	Scales: true,
	Check: func(p *lint.Pass) {
		if sawNoWork(p) {
			return
		}
		changes := allTypeChanges(p)
		costly := slices.ContainsFunc(changes, notFree)
		for _, c := range changes {
			switch {
			case !p.Tried():
				reportPredictedChange(p, c)
			case !costly || notFree(c):
				reportObservedChange(p, c)
			}
		}
	},
}

// way says how to do without; of a column that the review adds itself, nobody uses the type.
func (c typeChange) way() string {
	if c.isNew {
		return "give it that type where it is added"
	}
	return "add a column of the new type, write both, backfill in batches, then drop the old one"
}

func notFree(c typeChange) bool { return c.cost != sqlvalue.ConversionFree }

func reportPredictedChange(p *lint.Pass, c typeChange) {
	switch c.cost {
	case sqlvalue.ConversionRewrites:
		p.Reportf(c.location, "changing %s rewrites the table and all its indexes while nobody can read or write it; %s", c.label(), c.way())
	case sqlvalue.ConversionUnknown:
		p.Reportf(c.location, "changing %s may rewrite the table while nobody can read or write it; try it with migvet check, or %s", c.label(), c.way())
	}
}

func reportObservedChange(p *lint.Pass, c typeChange) {
	e := p.Effect()
	tables := slices.DeleteFunc(slices.Clone(e.Rewritten), func(name string) bool { return isIndex(e, name) })
	var f *lint.Finding
	switch {
	case len(tables) > 0:
		f = p.Reportf(c.location, "changing %s rewrites the table and all its indexes while nobody can read or write it; %s", c.label(), c.way())
	case len(e.Rewritten) > 0:
		f = p.Reportf(c.location, "changing %s builds %s again while nobody can read or write the table; %s", c.label(), unqualified(strings.Join(e.Rewritten, ", ")), c.way())
	default:
		f = p.Reportf(c.location, "changing %s reads %s in full while nobody can read or write; drop the constraint that needs it, and add it again NOT VALID", c.label(), unqualified(strings.Join(e.Scanned, ", ")))
	}
	p.Measured(f, "%s", e)
}
