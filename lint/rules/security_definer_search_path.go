package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var securityDefinerSearchPath = &lint.Rule{
	ID: "security-definer-search-path", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A SECURITY DEFINER function takes the caller's search_path",
	Why: "The function runs with its owner's rights, but looks names up as the caller's `search_path` says, temporary tables first: whoever may create a table or operator in one of those schemas decides what the function reads, writes or calls, as its owner.\n\n" +
		"A body written as `BEGIN ATOMIC` or `RETURN` looks its names up when it is created, and is not reported.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY",
	Fix: "Fix the path, and write schemas in the body:\n\n```sql\nCREATE FUNCTION app.promote(who int) RETURNS void\nLANGUAGE sql SECURITY DEFINER SET search_path = ''\nAS $$ UPDATE app.users SET admin = true WHERE id = who $$;\n```",
	Check: func(p *lint.Pass) {
		var options []*pg.Node
		var name []string
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_CreateFunctionStmt:
			if n.CreateFunctionStmt.SqlBody != nil {
				return
			}
			options, name = n.CreateFunctionStmt.Options, facts.Words(n.CreateFunctionStmt.Funcname)
		case *pg.Node_AlterFunctionStmt:
			options, name = n.AlterFunctionStmt.Actions, facts.Words(n.AlterFunctionStmt.GetFunc().GetObjname())
		}
		if isSecurityDefiner(options) && !fixesPath(options) && !pathFixedElsewhere(p, name) {
			f := p.Reportf(0, "%s runs with its owner's rights but takes the caller's search_path, who so chooses what it uses; add SET search_path = ''", strings.Join(name, "."))
			p.TellInSeries(f, "path", strings.Join(name, "."))
		}
	},
}

func fixesPath(options []*pg.Node) bool {
	for _, o := range options {
		set := o.GetDefElem().GetArg().GetVariableSetStmt()
		if set.GetName() == "search_path" && set.Kind != pg.VariableSetKind_VAR_RESET && set.Kind != pg.VariableSetKind_VAR_SET_DEFAULT {
			return true
		}
	}
	return false
}

// pathFixedElsewhere tells whether an ALTER FUNCTION fixes the path: a later
// one, or an earlier one when the statement only alters the function.
func pathFixedElsewhere(p *lint.Pass, name []string) bool {
	o := p.ObjectAfter(facts.Qualified(facts.Function, name))
	for e := range o.After(p) {
		if alter, is := e.Tree.(*pg.AlterFunctionStmt); is && fixesPath(alter.Actions) {
			return true
		}
	}
	if p.Node().GetAlterFunctionStmt() == nil {
		return false
	}
	for e := range o.Before(p) {
		alter, create := e.Statement.Node.GetAlterFunctionStmt(), e.Statement.Node.GetCreateFunctionStmt()
		if fixesPath(alter.GetActions()) || fixesPath(create.GetOptions()) {
			return true
		}
	}
	return false
}
