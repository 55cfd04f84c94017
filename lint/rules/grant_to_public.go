package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var grantToPublic = &lint.Rule{
	ID: "grant-to-public", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Granted,
	Remains: true,
	Title:   "Every role gets a privilege",
	Why: "`PUBLIC` is every role of the cluster, those that are made later included, and those of other applications and of read-only users. A role cannot lose by `REVOKE` what it has through `PUBLIC`.\n\n" +
		"What PostgreSQL grants to `PUBLIC` anyway is not reported: `EXECUTE` on functions, `USAGE` on types and languages, `CONNECT` and `TEMPORARY` on databases; nor is `USAGE` on a schema, which shows no row.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-priv.html",
	Fix: "Grant it to a role that exists for the purpose, and that role to those who need it:\n\n```sql\nGRANT SELECT ON orders TO reporting;\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetGrantStmt()
		what := "GRANT"
		if defaults := p.Node().GetAlterDefaultPrivilegesStmt(); defaults != nil {
			s, what = defaults.Action, "ALTER DEFAULT PRIVILEGES"
		}
		if !s.GetIsGrant() || !grantsMore(s) {
			return
		}
		for _, n := range s.Grantees {
			if n.GetRoleSpec().GetRoletype() == pg.RoleSpecType_ROLESPEC_PUBLIC {
				p.Reportf(n.GetRoleSpec().Location, "%s to PUBLIC gives every role of the cluster %s, also those made later; grant it to a role made for it", what, privilegeList(s))
			}
		}
	},
}

// grantsMore tells whether a privilege is one that PUBLIC does not have anyway.
func grantsMore(s *pg.GrantStmt) bool {
	switch s.Objtype {
	case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_SEQUENCE, pg.ObjectType_OBJECT_COLUMN, pg.ObjectType_OBJECT_FOREIGN_SERVER, pg.ObjectType_OBJECT_FDW:
		return true
	case pg.ObjectType_OBJECT_SCHEMA, pg.ObjectType_OBJECT_DATABASE:
		return len(s.Privileges) == 0 || slices.ContainsFunc(s.Privileges, func(n *pg.Node) bool { return n.GetAccessPriv().GetPrivName() == "create" })
	}
	return false
}

func privilegeList(s *pg.GrantStmt) string {
	var names []string
	for _, n := range s.Privileges {
		names = append(names, strings.ToUpper(n.GetAccessPriv().GetPrivName()))
	}
	if len(names) == 0 {
		return "all privileges" + onObjects(s)
	}
	return listed(names) + onObjects(s)
}

func onObjects(s *pg.GrantStmt) string {
	var names []string
	for _, n := range s.Objects {
		switch {
		case n.GetRangeVar() != nil:
			names = append(names, tableName(n.GetRangeVar()))
		case s.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA:
			names = append(names, "all in schema "+n.GetString_().GetSval())
		default:
			names = append(names, n.GetString_().GetSval())
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " on " + listed(names)
}
