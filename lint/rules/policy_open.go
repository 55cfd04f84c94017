package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyOpen = &lint.Rule{
	ID: "policy-open", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Made,
	Remains: true,
	Title:   "A policy opens all rows to everybody",
	Why: "`USING (true)` and `WITH CHECK (true)` leave out no row. For every role (a policy without `TO`), or one that stands for whoever has not logged in, row security then protects nothing from the command. " +
		"Permissive policies are joined with `OR`: the narrow ones beside it have no say any more.\n\n" +
		"That everybody reads may be meant, so it is a notice; that everybody writes is a warning.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Name the roles (`TO authenticated`), and the rows: `USING (owner = auth.uid())`.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreatePolicyStmt()
		to := opensTo(s.GetRoles())
		if s == nil || !s.Permissive || to == "" {
			return
		}
		command := strings.ToUpper(s.CmdName)
		switch {
		case command == "SELECT" && isTrue(s.Qual):
			p.Reportf(0, "policy %s lets %s read all rows of %s, whatever other policies say; name the roles or the rows if that is not meant", s.PolicyName, to, tableName(s.Table)).Severity = lint.Notice
		case command == "INSERT" && isTrue(s.WithCheck):
			p.Reportf(0, "policy %s lets %s insert any row into %s; name the roles, and say which rows", s.PolicyName, to, tableName(s.Table))
		case command != "SELECT" && command != "INSERT" && isTrue(s.Qual) && (s.WithCheck == nil || isTrue(s.WithCheck)):
			p.Reportf(0, "policy %s opens all rows of %s to %s FOR %s, whatever other policies say; name the roles, and say which rows", s.PolicyName, tableName(s.Table), to, command)
		}
	},
}
