package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// public is every role.
const public = "PUBLIC"

// grantee is the name of a role in a GRANT.
func grantee(r *pg.RoleSpec) string {
	if r.GetRoletype() == pg.RoleSpecType_ROLESPEC_PUBLIC {
		return public
	}
	return facts.RoleName(&pg.Node{Node: &pg.Node_RoleSpec{RoleSpec: r}})
}

// privilegesOfKind are the privileges that GRANT ALL means.
// https://www.postgresql.org/docs/current/ddl-priv.html
func privilegesOfKind(t pg.ObjectType) []string {
	switch t {
	case pg.ObjectType_OBJECT_TABLE:
		return []string{"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
	case pg.ObjectType_OBJECT_SEQUENCE:
		return []string{"USAGE", "SELECT", "UPDATE"}
	case pg.ObjectType_OBJECT_SCHEMA:
		return []string{"USAGE", "CREATE"}
	case pg.ObjectType_OBJECT_DATABASE:
		return []string{"CONNECT", "CREATE", "TEMPORARY"}
	case pg.ObjectType_OBJECT_FUNCTION, pg.ObjectType_OBJECT_PROCEDURE, pg.ObjectType_OBJECT_ROUTINE:
		return []string{"EXECUTE"}
	case pg.ObjectType_OBJECT_FOREIGN_SERVER, pg.ObjectType_OBJECT_FDW, pg.ObjectType_OBJECT_TYPE, pg.ObjectType_OBJECT_DOMAIN, pg.ObjectType_OBJECT_LANGUAGE:
		return []string{"USAGE"}
	}
	return nil
}

// privilegesIn returns the privileges that a GRANT or REVOKE is about, in capitals.
func privilegesIn(s *pg.GrantStmt) []string {
	if len(s.Privileges) == 0 {
		return privilegesOfKind(s.Objtype)
	}
	var names []string
	for _, n := range s.Privileges {
		names = append(names, strings.ToUpper(n.GetAccessPriv().GetPrivName()))
	}
	return names
}

// lostPrivileges returns what a REVOKE takes from a role: what an earlier statement granted,
// and no later one grants again. What it has through PUBLIC or as a member it keeps.
func lostPrivileges(p *lint.Pass, s *pg.GrantStmt, on facts.Name, role string) []string {
	var lost []string
	for _, privilege := range privilegesIn(s) {
		g := grant{p, on, s, privilege}
		if g.isHeldBy(role) && !g.isGivenAgain(role) && !g.isKept(role) {
			lost = append(lost, privilege)
		}
	}
	return lost
}

// A grant is a privilege on an object, or on all that a REVOKE names with its schema.
type grant struct {
	*lint.Pass
	on        facts.Name
	revoke    *pg.GrantStmt
	privilege string
}

// isHeldBy tells whether the last earlier statement that speaks of the privilege gives it:
// on the object, on all of its schema, or, where all of the schema is named, on any of it.
func (g grant) isHeldBy(role string) bool {
	held := g.last(g.Object(g.on), role)
	if g.on.Kind != facts.Schema {
		if all := g.last(g.Object(schemaOf(g.Pass, g.on)), role); all != nil && (held == nil || all.IsBehind(held)) {
			held = all
		}
	}
	if held != nil || g.revoke.Targtype != pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
		return given(held)
	}
	return g.revoke.Objtype == pg.ObjectType_OBJECT_TABLE && slices.ContainsFunc(g.Tables(), func(o *lint.Object) bool {
		return schemaOf(g.Pass, o.Name(g.Pass)).Name == g.on.Name && given(g.last(o, role))
	})
}

// isKept tells whether a role has the privilege in another way: as everybody has, or as a
// member of a role that has it or gets it.
func (g grant) isKept(role string) bool {
	if role == public {
		return false
	}
	if g.isHeldBy(public) || isEverybodys(g.revoke.Objtype) && g.last(g.Object(g.on), public) == nil {
		return true
	}
	return slices.ContainsFunc(memberships(g.Pass, role), func(group string) bool { return g.isHeldBy(group) || g.isGivenAgain(group) })
}

// isEverybodys tells whether PUBLIC has the privileges on objects of a kind, unless they are
// revoked from it.
func isEverybodys(t pg.ObjectType) bool {
	return slices.Equal(privilegesOfKind(t), []string{"EXECUTE"}) || t == pg.ObjectType_OBJECT_TYPE || t == pg.ObjectType_OBJECT_DOMAIN || t == pg.ObjectType_OBJECT_LANGUAGE
}

// memberships returns of which roles earlier statements make a role a member.
func memberships(p *lint.Pass, role string) (groups []string) {
	for e := range p.Object(facts.Name{Kind: facts.Role, Name: role}).Before(p) {
		switch tree := e.Tree.(type) {
		case *pg.GrantRoleStmt:
			for _, g := range tree.GrantedRoles {
				groups = append(groups, g.GetAccessPriv().GetPrivName())
			}
		case *pg.CreateRoleStmt:
			in, _ := facts.Option(tree.Options, "addroleto")
			for _, g := range in.GetList().GetItems() {
				groups = append(groups, facts.RoleName(g))
			}
		}
	}
	return groups
}

// givenTo returns the other roles that the review grants on the object behind the REVOKE: of
// one the role may be a member, which is often nowhere in the migrations.
func (g grant) givenTo() (roles []string) {
	for e := range g.ObjectAfter(g.on).After(g.Pass) {
		s, is := e.Tree.(*pg.GrantStmt)
		if !is || !s.IsGrant || !slices.Contains(privilegesIn(s), g.privilege) {
			continue
		}
		for _, n := range s.Grantees {
			roles = append(roles, grantee(n.GetRoleSpec()))
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// last is the last earlier event of an object that speaks of the privilege; nil for none.
func (g grant) last(o *lint.Object, role string) *lint.Event {
	for e := range o.Before(g.Pass) {
		if g.speaksOf(e, role) {
			return &e
		}
	}
	return nil
}

func given(e *lint.Event) bool { return e != nil && e.Tree.(*pg.GrantStmt).IsGrant }

// isGivenAgain tells whether a later statement grants the privilege.
func (g grant) isGivenAgain(role string) bool {
	for _, n := range []facts.Name{g.on, schemaOf(g.Pass, g.on)} {
		for e := range g.ObjectAfter(n).After(g.Pass) {
			if g.speaksOf(e, role) && given(&e) {
				return true
			}
		}
	}
	return false
}

// speaksOf tells whether an event gives the privilege to a role, or takes it.
func (g grant) speaksOf(e lint.Event, role string) bool {
	s, is := e.Tree.(*pg.GrantStmt)
	if !is || s.GrantOption && !s.IsGrant || s.Objtype != g.revoke.Objtype || !slices.Contains(privilegesIn(s), g.privilege) {
		return false
	}
	if e.Name.Kind == facts.Schema && g.revoke.Objtype != pg.ObjectType_OBJECT_SCHEMA && s.Targtype != pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
		return false
	}
	return slices.ContainsFunc(s.Grantees, func(n *pg.Node) bool { return grantee(n.GetRoleSpec()) == role })
}
