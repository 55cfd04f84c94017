package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyWithoutExpression = &lint.Rule{
	ID: "policy-without-expression", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Made,
	Remains: true,
	Title:   "A policy that lacks its expression allows nothing",
	Why: "`FOR INSERT` goes by `WITH CHECK`, all else by `USING`. A permissive policy without that expression is taken without a word, and lets no row through: inserts fail with `42501`, reads, updates and deletes find nothing. It is not the same as `true`.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createpolicy.html",
	Fix: "Write the expression: `WITH CHECK (owner = current_user)` for `INSERT`, `USING (…)` for the others.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreatePolicyStmt()
		if s == nil || !s.Permissive {
			return
		}
		command := strings.ToUpper(s.CmdName)
		switch {
		case command == "INSERT" && s.WithCheck == nil:
			p.Reportf(0, "policy %s is FOR INSERT without WITH CHECK, so it lets no row in; write the expression", s.PolicyName)
		case command != "INSERT" && s.Qual == nil:
			p.Reportf(0, "policy %s is FOR %s without USING, so it shows no row to any of them; write the expression", s.PolicyName, command)
		}
	},
}
