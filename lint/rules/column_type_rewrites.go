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
	Fix: "`timestamp` to `timestamptz USING made AT TIME ZONE 'UTC'`, and back: leave `USING` out where the session's zone is UTC. The values are the same, and only indexes on the column are built again:\n\n" +
		"```sql\nSET LOCAL timezone = 'UTC';\nALTER TABLE orders ALTER COLUMN made TYPE timestamptz;\n```\n\n" +
		"Else add a column of the new type, write both (a trigger can do it), backfill in batches, read the new one, drop the old one. For a shorter `varchar`, leave the type alone and add a `CHECK` as `NOT VALID`, validated later.",
	Scales: true,
	Check: func(p *lint.Pass) {
		if sawNoWork(p) {
			return
		}
		changes := allTypeChanges(p)
		costly := slices.ContainsFunc(changes, notFree)
		if costly {
			changes = slices.DeleteFunc(changes, func(c typeChange) bool { return !notFree(c) })
		}
		surestFirst(changes)
		switch {
		case len(changes) == 0:
		case p.Tried():
			reportObservedChange(p, changes[0], changes[1:])
		default:
			reportPredictedChange(p, changes[0], changes[1:])
		}
	},
}

// way says how to do without; of a column that the review adds itself, nobody uses the type.
func (c typeChange) way(p *lint.Pass) string {
	if c.isNew {
		return "give it that type where it is added"
	}
	if c.readsUTC() {
		set := "SET LOCAL"
		if !p.InTransaction() {
			set = "SET"
		}
		return set + " timezone = 'UTC' before it and leave USING out: the same values, and nothing but indexes on the column is written again"
	}
	return "add a column of the new type, write both, backfill in batches, then drop the old one"
}

func notFree(c typeChange) bool { return c.cost != sqlvalue.ConversionFree }

// surestFirst puts changes that rewrite before those of which nobody knows.
func surestFirst(changes []typeChange) {
	unsure := func(c typeChange) int {
		if c.cost == sqlvalue.ConversionRewrites {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(changes, func(a, b typeChange) int { return unsure(a) - unsure(b) })
}

// readsUTC tells whether USING does to a time what the change of its type does by itself where
// the session's TimeZone is UTC: made AT TIME ZONE 'UTC'.
func (c typeChange) readsUTC() bool {
	call := c.GetDef().GetColumnDef().GetRawDefault().GetFuncCall()
	if facts.LastWord(call.GetFuncname()) != "timezone" || len(call.GetArgs()) != 2 || !isTimestampPair(c.from, c.to) {
		return false
	}
	zone, _ := sqlvalue.ReadLiteral(call.Args[0])
	fields := facts.Words(call.Args[1].GetColumnRef().GetFields())
	return strings.EqualFold(zone.Text, "utc") && len(fields) == 1 && fields[0] == c.Name
}

func isTimestampPair(from, to string) bool {
	return from == "timestamp" && to == "timestamptz" || from == "timestamptz" && to == "timestamp"
}

// label names changes of one statement: "orders.total from integer to bigint, and count as well,".
func label(c typeChange, others []typeChange) string {
	if len(others) == 0 {
		return c.label()
	}
	var names []string
	for _, other := range others {
		names = append(names, other.Name)
	}
	return c.label() + ", and " + listed(names) + " as well,"
}

func reportPredictedChange(p *lint.Pass, c typeChange, others []typeChange) {
	switch c.cost {
	case sqlvalue.ConversionRewrites:
		f := p.Reportf(c.location, "changing %s rewrites the table and all its indexes while nobody can read or write it; %s", label(c, others), c.way(p))
		c.underLock(p, f)
	case sqlvalue.ConversionUnknown:
		p.Reportf(c.location, "changing %s may rewrite the table while nobody can read or write it; try it with migvet check, or %s", label(c, others), c.way(p))
	}
}

func reportObservedChange(p *lint.Pass, c typeChange, others []typeChange) {
	e := p.Effect()
	tables := slices.DeleteFunc(slices.Clone(e.Rewritten), func(name string) bool { return isIndex(e, name) })
	var f *lint.Finding
	switch {
	case len(tables) > 0:
		f = p.Reportf(c.location, "changing %s rewrites the table and all its indexes while nobody can read or write it; %s", label(c, others), c.way(p))
		c.underLock(p, f)
	case len(e.Rewritten) > 0:
		f = p.Reportf(c.location, "changing %s builds %s again while nobody can read or write the table; %s", label(c, others), strings.Join(unqualifiedAll(p, e.Rewritten), ", "), c.way(p))
	default:
		f = p.Reportf(c.location, "changing %s reads %s in full while nobody can read or write; drop the constraint that needs it, and add it again NOT VALID", label(c, others), strings.Join(unqualifiedAll(p, e.Scanned), ", "))
	}
	p.Measured(f, "%s", e)
}

func (c typeChange) underLock(p *lint.Pass, f *lint.Finding) {
	p.UnderLock(f, lint.Work{Kind: lint.WorkRewrite, Table: c.table, What: "type of " + tableName(c.table) + "." + c.Name})
}
