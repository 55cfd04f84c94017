package rules

import (
	"cmp"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultZoneLost = &lint.Rule{
	ID: "default-zone-lost", Group: lint.GroupDefault, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A timestamptz defaults to a time that lost its zone",
	Why: "`now() AT TIME ZONE 'utc'`, which is `timezone('utc', now())`, is a `timestamp`: the time in UTC, without a zone. A `timestamptz` column takes it for a time in the session's `TimeZone`. " +
		"Wherever that is not UTC, what is stored is off by its offset: two hours in Helsinki's winter.\n\n" +
		"https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-ZONECONVERT",
	Fix: "`timestamptz` holds a moment, whatever the zone:\n\n```sql\ncreated_at timestamptz NOT NULL DEFAULT now()\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if typeOf(p, c).Is("timestamptz") && dropsZone(c.expr) {
				p.Reportf(c.defaultLocation(), "%s has a time zone and its default has none: the time of %s is read in the TimeZone of the session, and is off where that is another; use now()", c, zoneOf(c.expr))
			}
		}
	},
}

// dropsZone tells whether an expression is a moment in some zone, without the zone:
// timezone('utc', now()), which the parser makes of AT TIME ZONE as well.
func dropsZone(expr *pg.Node) bool {
	if facts.FunctionName(expr) != "timezone" {
		return false
	}
	args := expr.GetFuncCall().GetArgs()
	return len(args) == 2 && isMoment(args[1])
}

// zoneOf names the zone of timezone('utc', now()).
func zoneOf(expr *pg.Node) string {
	l, _ := sqlvalue.ReadLiteral(expr.GetFuncCall().GetArgs()[0])
	return cmp.Or(l.Text, "a zone")
}

// isMoment tells whether an expression is a timestamptz by its looks: now(), or a
// cast to it.
func isMoment(expr *pg.Node) bool {
	if cast := expr.GetTypeCast(); cast != nil {
		return sqlvalue.ReadType(cast.TypeName).Is("timestamptz")
	}
	name := facts.FunctionName(expr)
	return momentFunctions[name] && name != "localtimestamp"
}
