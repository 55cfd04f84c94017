package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyAsksEachRow = &lint.Rule{
	ID: "policy-asks-each-row", Group: lint.GroupSecurity, Severity: lint.Notice,
	On:      facts.Made | facts.Changed,
	Remains: true,
	Title:   "A policy asks for each row who is logged in",
	Why: "`auth.uid()`, `auth.jwt()` and `current_setting(…)` say the same for every row of a query, but PostgreSQL calls them for each row that the policy looks at. In a sub-select they are called once. On a table of 100,000 rows that makes the difference between milliseconds and seconds.\n\n" +
		"Told once, with the number of policies, and not where a policy of the base does the same: there it is a habit.\n\n" +
		"https://supabase.com/docs/guides/database/postgres/row-level-security#call-functions-with-select",
	Fix: "```sql\nCREATE POLICY own ON notes USING (owner = (SELECT auth.uid()));\n```",
	Check: func(p *lint.Pass) {
		o := readPolicy(p)
		if o == nil {
			return
		}
		call := askedEachRow(o)
		if call == "" || isHabitOfBase(p) {
			return
		}
		f := p.Reportf(0, "policy %s calls %s for each row of %s; in a sub-select, (SELECT %s), it is called once", o.name, call, tableName(o.table), call)
		p.TellTogether(f, "so does policy", o.name+" on "+tableName(o.table))
	},
}

// askedEachRow returns the first call in a policy that says the same for each row and
// stands in no sub-select; "" when there is none.
func askedEachRow(o *policy) (call string) {
	for _, expression := range []*pg.Node{o.qual, o.check} {
		facts.Walk(expression, func(n *pg.Node) bool {
			if name := facts.FunctionName(n); call == "" && sameForAllRows[name] {
				call = name + "(" + onlyIf(name == "current_setting", "…") + ")"
			}
			return n.GetSubLink() == nil
		})
	}
	return call
}

// sameForAllRows are functions that say who is logged in: Supabase's, Neon's, and PostgreSQL's
// own with which the others ask.
var sameForAllRows = wordSet("current_setting auth.uid auth.jwt auth.role auth.email auth.user_id auth.session")

// isHabitOfBase tells whether a policy of the base does the same.
func isHabitOfBase(p *lint.Pass) bool {
	for e := range p.Happened(facts.Policy) {
		if s, is := e.Tree.(*pg.CreatePolicyStmt); is && !e.New && askedEachRow(createdPolicy(s)) != "" {
			return true
		}
	}
	return false
}
