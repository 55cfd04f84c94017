package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var rowSecurityWithoutPolicy = &lint.Rule{
	ID: "row-security-without-policy", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Changed,
	Title: "Row security hides all rows of a table in use",
	Why: "Row security denies what no policy allows. Without a policy every role but the owner (and superusers, and roles with `BYPASSRLS`) sees an empty table from that moment on, and its inserts fail with `42501`. Queries do not fail: they return nothing.\n\n" +
		"`FORCE ROW LEVEL SECURITY` binds the owner as well, so that it needs a policy, too: one that names only other roles shows it nothing.\n\n" +
		"A new table is not reported: nobody uses it yet. Reported only for tables that the migrations made, because policies may have been made elsewhere.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Make the policies first, in the same transaction:\n\n```sql\nCREATE POLICY own_notes ON notes USING (owner = current_user);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if p.IsNew(c.table) {
				continue
			}
			switch c.Subtype {
			case pg.AlterTableType_AT_EnableRowSecurity:
				checkEnabled(p, c)
			case pg.AlterTableType_AT_ForceRowSecurity:
				checkForced(p, c)
			}
		}
	},
}

func checkEnabled(p *lint.Pass, c alterCommand) {
	own := madeSecurity(p, facts.Named(facts.Table, c.table))
	if was := p.Folded(c.table); own == nil || !own.RowSecurity || own.Policies > 0 || was != nil && was.RowSecurity {
		return
	}
	from := "everybody but its owner"
	if changesSecurity(p, c.table, pg.AlterTableType_AT_ForceRowSecurity) {
		from = "everybody, its owner included"
	}
	p.Reportf(c.location, "row security without a policy hides all rows of %s from %s, and no query fails; create the policies first", tableName(c.table), from)
}

// checkForced is about the owner, who is often who the application works as: no policy
// shows it a row that does not name it or PUBLIC.
func checkForced(p *lint.Pass, c alterCommand) {
	own := madeSecurity(p, facts.Named(facts.Table, c.table))
	if own == nil || !own.RowSecurity || own.Policies == 0 && changesSecurity(p, c.table, pg.AlterTableType_AT_EnableRowSecurity) {
		return
	}
	roles, named := rolesOfPolicies(p, c.table)
	owner := ownerBefore(p, c.table)
	switch {
	case !named || slices.Contains(roles, owner):
	case own.Policies == 0:
		p.Reportf(c.location, "FORCE hides all rows of %s from its owner as well, because no policy is on it, and no query fails; create the policies first", tableName(c.table))
	default:
		p.Reportf(c.location, "FORCE binds the owner of %s as well, and its policies are for %s: unless that is the owner or has it as a member, it sees no row from now on, and its inserts fail (42501); create a policy for it first", tableName(c.table), listed(roles))
	}
}

// changesSecurity tells whether the review has an action about the row security of a table.
func changesSecurity(p *lint.Pass, table *pg.RangeVar, action pg.AlterTableType) bool {
	for e := range p.Relation(table).Reviewed(p) {
		if slices.ContainsFunc(tableCommands(e.Statement), func(c *pg.AlterTableCmd) bool { return c.Subtype == action }) {
			return true
		}
	}
	return false
}

// rolesOfPolicies returns for whom the policies of a table are as the review leaves it; named
// is false where one is for PUBLIC, or for whoever runs the migrations.
func rolesOfPolicies(p *lint.Pass, table *pg.RangeVar) (roles []string, named bool) {
	o := p.ObjectAfter(facts.Named(facts.Table, table))
	events := slices.Collect(o.Until(p))
	slices.Reverse(events)
	of := map[*lint.Object][]*pg.Node{}
	for _, e := range slices.AppendSeq(events, o.After(p)) {
		switch tree := e.Tree.(type) {
		case *pg.CreatePolicyStmt:
			of[e.Object] = tree.Roles
		case *pg.AlterPolicyStmt:
			if len(tree.Roles) > 0 {
				of[e.Object] = tree.Roles
			}
		default:
			if e.Name.Kind == facts.Policy && e.Verb&facts.Dropped != 0 {
				delete(of, e.Object)
			}
		}
	}
	for _, nodes := range of {
		for _, n := range nodes {
			if n.GetRoleSpec().GetRoletype() != pg.RoleSpecType_ROLESPEC_CSTRING {
				return nil, false
			}
			roles = append(roles, n.GetRoleSpec().Rolename)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles), true
}
