package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultTimezone = &lint.Rule{
	ID: "default-timezone", Group: lint.GroupDefault, Severity: lint.Notice,
	On:    facts.Made | facts.Changed,
	Title: "A time without a time zone defaults to the session's local time",
	Why: "`now()` and `CURRENT_TIMESTAMP` are a `timestamptz`. To store one in a `timestamp`, PostgreSQL converts it with the `TimeZone` of whoever inserts, and drops the zone: " +
		"two sessions with different settings write different times for the same moment, and nothing in the row tells which.\n\n" +
		"Told once: where an earlier statement has made such a column it is a habit, and `prefer-timestamptz` tells of each.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES",
	Fix: "Use `timestamptz`, which takes no more space. To stay with `timestamp`, say which zone:\n\n```sql\ncreated_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'utc')\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if function := localTime(c.expr); function != "" && typeOf(p, c).Is("timestamp") {
				if !localTimeIsHabit(p) {
					f := p.Reportf(c.defaultLocation(), "%s has no time zone, so its default %s depends on the TimeZone of the session; use timestamptz, or now() AT TIME ZONE 'utc'", c, facts.CallText(function))
					p.TellInSeries(f, facts.CallText(function), c.String())
				}
				return
			}
		}
	},
}

// localTimeIsHabit tells whether an earlier statement makes such a column, so
// that everybody has seen it.
func localTimeIsHabit(p *lint.Pass) bool {
	first := lint.Remember(p, func() firstLocalTime {
		for place, s := range p.Statements() {
			if slices.ContainsFunc(s.Facts(), makesLocalTime) {
				return firstLocalTime(place)
			}
		}
		return 0
	})
	return first != 0 && int(first) < p.Place()
}

// A firstLocalTime is the place of the first statement that makes such a column.
type firstLocalTime int

func makesLocalTime(f facts.Fact) bool {
	def, is := f.Tree.(*pg.ColumnDef)
	return is && sqlvalue.ReadType(def.TypeName).Is("timestamp") && localTime(facts.ColumnConstraint(def, pg.ConstrType_CONSTR_DEFAULT).GetRawExpr()) != ""
}

// zoneFunctions have no session's time zone in their result.
var zoneFunctions = wordSet("timezone extract date_part to_char")

// localTime returns the function whose time is converted in the session's time
// zone; "" when there is none, or its zone is given.
func localTime(expr *pg.Node) (function string) {
	facts.Walk(expr, func(n *pg.Node) bool {
		name := facts.FunctionName(n)
		if momentFunctions[name] && function == "" {
			function = name
		}
		return !zoneFunctions[name]
	})
	return function
}
