package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var securityDefinerPublic = &lint.Rule{
	ID: "security-definer-public", Group: lint.GroupSecurity, Severity: lint.Off,
	On:    facts.Made,
	Title: "Everybody may call a new SECURITY DEFINER function",
	Why: "PostgreSQL grants `EXECUTE` on each new function to `PUBLIC`. With `SECURITY DEFINER` that is the right to do what the function does, as its owner, for every role that can connect: on Supabase and PostgREST for whoever has the public key.\n\n" +
		"Not reported: trigger functions, which nobody can call, and functions of which the review revokes a privilege. Opt-in: many functions are meant for everybody.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY",
	Fix: "```sql\nREVOKE EXECUTE ON FUNCTION app.promote(int) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION app.promote(int) TO admins;\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateFunctionStmt()
		if s == nil || !facts.HasOption(s.Options, "security") || returnsTrigger(s) || revokesFunctions(p) {
			return
		}
		p.Reportf(0, "every role may call %s and acts as its owner; REVOKE EXECUTE … FROM PUBLIC, and grant it to those who need it", unqualified(p, listedName(s.Funcname)))
	},
}

func listedName(names []*pg.Node) string {
	return facts.Qualified("function", facts.Words(names)).String()
}

// revokesFunctions tells whether the review takes away a privilege on
// functions, or on those to come.
func revokesFunctions(p *lint.Pass) bool {
	return bool(lint.Remember(p, func() revokedFunctions {
		for _, m := range p.History.New {
			if slices.ContainsFunc(m.Statements(), takesFunctions) {
				return true
			}
		}
		return false
	}))
}

// A revokedFunctions tells that the review takes away a privilege on functions.
type revokedFunctions bool

func takesFunctions(s *lint.Statement) bool {
	g := s.Node.GetGrantStmt()
	if d := s.Node.GetAlterDefaultPrivilegesStmt(); d != nil {
		g = d.Action
	}
	switch g.GetObjtype() {
	case pg.ObjectType_OBJECT_FUNCTION, pg.ObjectType_OBJECT_PROCEDURE, pg.ObjectType_OBJECT_ROUTINE:
		return !g.IsGrant
	}
	return false
}
