package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var functionSecurityLost = &lint.Rule{
	ID: "function-security-lost", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A function is replaced without its SECURITY DEFINER",
	Why: "`CREATE OR REPLACE FUNCTION` keeps owner and privileges, and nothing else: `SECURITY DEFINER` and `SET search_path` that are not repeated are gone. The function then runs with the rights of whoever calls it, and callers without a right on its tables get `42501`; what it is called for in policies fails likewise.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createfunction.html",
	Fix:      "Repeat `SECURITY DEFINER SET search_path = ''` in the new definition. If it is meant to go, say `SECURITY INVOKER`.",
	Explains: []string{"42501"},
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateFunctionStmt()
		if !s.GetReplace() || saysOption(s, "security") || comesBackLater(p) {
			return
		}
		is := signatureOf(s)
		for _, was := range olderFunctions(p, s) {
			create, _ := was.made.Tree.(*pg.CreateFunctionStmt)
			if was.dropped || was.made.New || !slices.Equal(was.args, is.args) || !isDefiner(create) {
				continue
			}
			p.Reportf(0, "%s was SECURITY DEFINER, and the new definition does not repeat it, so that it runs with the rights of its callers from now on; write SECURITY DEFINER again, or SECURITY INVOKER if that is meant", is)
		}
	},
}

// comesBackLater tells whether an ALTER FUNCTION below speaks of the option.
func comesBackLater(p *lint.Pass) bool {
	return slices.ContainsFunc(p.Below(), func(s *lint.Statement) bool {
		alter := s.Node.GetAlterFunctionStmt()
		return alter != nil && slices.ContainsFunc(alter.Actions, func(n *pg.Node) bool { return n.GetDefElem().GetDefname() == "security" })
	})
}

func saysOption(s *pg.CreateFunctionStmt, name string) bool {
	return slices.ContainsFunc(s.GetOptions(), func(n *pg.Node) bool { return n.GetDefElem().GetDefname() == name })
}

func isDefiner(s *pg.CreateFunctionStmt) bool {
	return slices.ContainsFunc(s.GetOptions(), func(n *pg.Node) bool {
		d := n.GetDefElem()
		return strings.EqualFold(d.GetDefname(), "security") && d.GetArg().GetBoolean().GetBoolval()
	})
}
