package rules

import (
	"slices"

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
		if _, says := facts.Option(s.GetOptions(), "security"); !s.GetReplace() || says || comesBackLater(p) {
			return
		}
		is := signatureOf(s)
		for _, was := range olderFunctions(p, s) {
			create, _ := was.made.Tree.(*pg.CreateFunctionStmt)
			if was.dropped || was.made.New || !slices.Equal(was.args, is.args) || !isSecurityDefiner(create.GetOptions()) {
				continue
			}
			p.Reportf(0, "%s was SECURITY DEFINER, and the new definition does not repeat it, so that it runs with the rights of its callers from now on; write SECURITY DEFINER again, or SECURITY INVOKER if that is meant", is)
		}
	},
}

// comesBackLater tells whether an ALTER FUNCTION below speaks of the option.
func comesBackLater(p *lint.Pass) bool {
	return slices.ContainsFunc(p.Below(), func(s *lint.Statement) bool {
		_, says := facts.Option(s.Node.GetAlterFunctionStmt().GetActions(), "security")
		return says
	})
}
