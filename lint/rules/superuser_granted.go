package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var superuserGranted = &lint.Rule{
	ID: "superuser-granted", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Made | facts.Changed | facts.Granted,
	Title: "A role gets rights that no table's owner can take away",
	Why: "A `SUPERUSER` passes every check and can run programs on the server's machine. `BYPASSRLS` passes every policy, `REPLICATION` reads the whole cluster, `CREATEROLE` could make itself a member of nearly every role before PostgreSQL 16. " +
		"Of the predefined roles, `pg_execute_server_program`, `pg_read_server_files` and `pg_write_server_files` lead to the server's machine and so to superuser; `pg_read_all_data` and `pg_write_all_data` pass every `GRANT`.\n\n" +
		"https://www.postgresql.org/docs/current/role-attributes.html",
	Fix: "Grant what the role needs on the objects it needs. Roles of that kind are for administrators to make, not for migrations that run everywhere.",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_CreateRoleStmt:
			reportAttributes(p, n.CreateRoleStmt.Options, n.CreateRoleStmt.Role)
		case *pg.Node_AlterRoleStmt:
			reportAttributes(p, n.AlterRoleStmt.Options, facts.RoleName(&pg.Node{Node: &pg.Node_RoleSpec{RoleSpec: n.AlterRoleStmt.Role}}))
		case *pg.Node_GrantRoleStmt:
			if n.GrantRoleStmt.IsGrant {
				reportMembership(p, n.GrantRoleStmt)
			}
		}
	},
}

// powerfulAttributes are the attributes of roles by the parser's names.
var powerfulAttributes = map[string]string{
	"superuser": "SUPERUSER", "bypassrls": "BYPASSRLS", "isreplication": "REPLICATION", "createrole": "CREATEROLE",
}

func reportAttributes(p *lint.Pass, options []*pg.Node, role string) {
	for _, o := range options {
		def := o.GetDefElem()
		if powerfulAttributes[def.GetDefname()] != "" && def.GetArg().GetBoolean().GetBoolval() {
			p.Reportf(def.Location, "%s gives role %s rights past every GRANT and policy, in each database of the cluster; grant what it needs instead", powerfulAttributes[def.Defname], role)
		}
	}
}

var powerfulRoles = []string{
	"pg_execute_server_program", "pg_read_server_files", "pg_write_server_files", "pg_read_all_data", "pg_write_all_data", "postgres", "rds_superuser",
}

func reportMembership(p *lint.Pass, s *pg.GrantRoleStmt) {
	var to []string
	for _, n := range s.GranteeRoles {
		to = append(to, facts.RoleName(n))
	}
	for _, n := range s.GrantedRoles {
		if name := n.GetAccessPriv().GetPrivName(); slices.Contains(powerfulRoles, strings.ToLower(name)) {
			p.Reportf(0, "membership in %s gives %s rights past the GRANTs of tables; grant what it needs instead", name, listed(to))
		}
	}
}
