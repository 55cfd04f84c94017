package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyRecursive = &lint.Rule{
	ID: "policy-recursive", Group: lint.GroupSecurity, Severity: lint.Error,
	On:      facts.Made,
	Remains: true,
	Title:   "A policy reads the table that it is on",
	Why: "To decide whether a row may be read, PostgreSQL would have to read the table, for which it has to decide the same: it refuses every query of a role under the policy, `infinite recursion detected in policy` (`42P17`). " +
		"Nothing says so when the policy is made; the owner and superusers, who are not under it, see nothing of it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createpolicy.html",
	Fix: "Ask in a function that is `SECURITY DEFINER` and belongs to a role that is not under the policy:\n\n" +
		"```sql\nCREATE FUNCTION my_crews() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''\nAS $$ SELECT crew_id FROM public.crew_members WHERE user_id = auth.uid() $$;\nCREATE POLICY same_crew ON crew_members FOR SELECT USING (crew_id IN (SELECT my_crews()));\n```",
	Explains: []string{"42P17"},
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreatePolicyStmt()
		if s == nil || !slices.Contains([]string{"all", "select"}, s.CmdName) || !asksTable(p, s.Qual, s.Table) {
			return
		}
		p.Reportf(0, "policy %s reads %s, the table that it is on, so every query of a role under it fails (42P17, infinite recursion); ask in a SECURITY DEFINER function", s.PolicyName, tableName(s.Table))
	},
}
