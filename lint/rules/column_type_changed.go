package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var columnTypeChanged = &lint.Rule{
	ID: "column-type-changed", Group: lint.GroupCompat, Severity: lint.Notice,
	On:    facts.Changed,
	Title: "A quick change of a type still fails prepared statements once",
	Why: "A prepared statement whose result has the column remembers its type and length. After the change its next execution fails with `cached plan must not change result type` (0A000), in every open session, also when the change costs nothing (`varchar(20)` to `varchar(40)`). " +
		"Outside of a transaction most drivers prepare again on their own; inside one it aborts. " +
		"Changes that rewrite the table are told of by column-type-rewrites.\n\n" +
		"Told once for all columns: one reconnect does for all. Between `timestamp` and `timestamptz` a change is quick under one `TimeZone` alone, UTC, which the trial has and a server may not have; it is a warning unless the migration sets it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-prepare.html",
	Fix: "Expect a few failing transactions, or let the application reconnect after the migration. When the change serves only a limit, `text` with a `CHECK` never has to change again.",
	Check: func(p *lint.Pass) {
		if p.Tried() && !sawNoWork(p) {
			return
		}
		for _, c := range typeChanges(p) {
			if c.from == c.to || (!p.Tried() && c.cost != sqlvalue.ConversionFree) {
				continue
			}
			if changesZone(c) && !setsZone(p) {
				f := p.Reportf(c.location, "changing %s reads each value in the session's TimeZone, which outside of UTC rewrites the table with other values; SET LOCAL timezone = 'UTC' before it, or convert with AT TIME ZONE", c.label())
				f.Severity = lint.Warning
				continue
			}
			f := p.Reportf(c.location, "changing %s is quick, but prepared statements that return it fail once per session; reconnect after the migration", c.label())
			p.TellTogether(f, "the same goes for", columnsOf(tableName(c.table), []string{c.Name}))
		}
	},
}

// changesZone tells whether a type change takes a time zone away or adds one.
func changesZone(c typeChange) bool {
	from, to := sqlvalue.ParseType(c.from), sqlvalue.ParseType(c.to)
	return from.Is("timestamp") && to.Is("timestamptz") || from.Is("timestamptz") && to.Is("timestamp")
}

// setsZone tells whether the migration has set the session's time zone to UTC, and it is
// still that: SET LOCAL is for its transaction only.
func setsZone(p *lint.Pass) bool {
	isUTC := false
	first := p.Place() - len(p.Above())
	for i, s := range p.Above() {
		for _, set := range settingsIn(s) {
			isOver := set.local && (!p.InTransaction() || first+i < p.Began())
			switch {
			case isOver:
			case strings.EqualFold(set.name, "timezone"):
				isUTC = !set.reset && namesUTC(set.value)
			case set.reset && set.name == "all":
				isUTC = false
			}
		}
	}
	return isUTC
}

func namesUTC(zone string) bool {
	return strings.EqualFold(zone, "UTC") || strings.EqualFold(zone, "Etc/UTC")
}
