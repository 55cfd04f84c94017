package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var privilegeRevoked = &lint.Rule{
	ID: "privilege-revoked", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Granted,
	Title: "A role loses what it was granted",
	Why: "Whoever works by the privilege is refused from that moment on: “permission denied for table accounts” (`42501`). Code that is already running is, too, since privileges are asked for by each statement.\n\n" +
		"Reported where an earlier migration granted it to the role. Not reported when the review grants it again, nor of a role that keeps it through `PUBLIC` or as a member of another.\n\n" +
		"https://www.postgresql.org/docs/current/sql-revoke.html",
	Fix:      "First deploy code that does without it, then revoke it in a later migration. When it was granted by mistake, say so: `-- migvet:ignore privilege-revoked reason`.",
	Explains: []string{"42501"},
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_GrantStmt:
			if s := n.GrantStmt; !s.IsGrant && !s.GrantOption {
				checkRevoked(p, s)
			}
		case *pg.Node_GrantRoleStmt:
			if s := n.GrantRoleStmt; !s.IsGrant && len(s.Opt) == 0 {
				checkMembership(p, s)
			}
		}
	},
}

func checkRevoked(p *lint.Pass, s *pg.GrantStmt) {
	for _, f := range p.Facts() {
		for _, n := range s.Grantees {
			if !isNewObject(p, f.Name) && !isNewObject(p, facts.Name{Kind: facts.Role, Name: facts.RoleName(n)}) {
				reportRevoked(p, s, f.Name, n.GetRoleSpec())
			}
		}
	}
}

func reportRevoked(p *lint.Pass, s *pg.GrantStmt, on facts.Name, role *pg.RoleSpec) {
	who, unless := grantee(role), ""
	lost := lostPrivileges(p, s, on, who)
	if len(lost) == 0 {
		return
	}
	if who == public {
		who = "every role that has it only through PUBLIC"
	} else if others := (grant{p, on, s, lost[0]}).givenTo(); len(others) > 0 {
		unless = " unless it is a member of " + strings.Join(others, " or ")
	}
	p.Reportf(role.GetLocation(), "%s loses %s on %s%s, so that code that needs it fails with 42501; first deploy code that does without", who, listed(lost), privilegesOn(s, on), unless)
}

// privilegesOn says on what a statement grants and revokes.
func privilegesOn(s *pg.GrantStmt, n facts.Name) string {
	if s.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
		return "all " + strings.ToLower(strings.TrimPrefix(s.Objtype.String(), "OBJECT_")) + "s of schema " + n.String()
	}
	return n.Phrase()
}

func checkMembership(p *lint.Pass, s *pg.GrantRoleStmt) {
	for _, n := range s.GranteeRoles {
		member := facts.Name{Kind: facts.Role, Name: facts.RoleName(n)}
		for _, g := range s.GrantedRoles {
			role := g.GetAccessPriv().GetPrivName()
			if isNewObject(p, member) || !isMember(p, member, role) {
				continue
			}
			p.Reportf(n.GetRoleSpec().GetLocation(), "%s loses all that %s may, so that code that needs it fails with 42501; first deploy code that does without", member, role)
		}
	}
}

// isMember tells whether a role was made a member of another, and is not made it again.
func isMember(p *lint.Pass, member facts.Name, role string) bool {
	was := false
	for e := range p.Object(member).Before(p) {
		if tree, is := e.Tree.(*pg.GrantRoleStmt); is && grantsRole(tree, role) {
			was = tree.IsGrant
			break
		}
	}
	for e := range p.Object(member).After(p) {
		if tree, is := e.Tree.(*pg.GrantRoleStmt); is && tree.IsGrant && grantsRole(tree, role) {
			return false
		}
	}
	return was
}

func grantsRole(s *pg.GrantRoleStmt, role string) bool {
	return slices.ContainsFunc(s.GrantedRoles, func(g *pg.Node) bool { return g.GetAccessPriv().GetPrivName() == role })
}
