package rules

import (
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var roleDropped = &lint.Rule{
	ID: "role-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped | facts.Changed,
	Title: "A role, or everything it owns, is dropped",
	Why: "`DROP OWNED BY` drops every object of the role in the current database, tables with their rows included, and revokes what was granted to it. It is meant for removing a role whose objects were given away with `REASSIGN OWNED` before.\n\n" +
		"Roles belong to the whole cluster: `DROP ROLE` takes the login from every database, and is refused while the role owns anything in one of them (`2BP01`). A migration that runs for a second database of the same cluster fails.\n\n" +
		"https://www.postgresql.org/docs/current/role-removal.html",
	Fix: "```sql\nREASSIGN OWNED BY old_role TO new_role; -- in every database\nDROP OWNED BY old_role;                 -- now only privileges\nDROP ROLE old_role;\n```",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_DropRoleStmt:
			reportRoles(p, n.DropRoleStmt)
		case *pg.Node_DropOwnedStmt:
			reportOwned(p, n.DropOwnedStmt)
		}
	},
}

func reportRoles(p *lint.Pass, s *pg.DropRoleStmt) {
	if names := oldRoles(p, s.Roles); len(names) > 0 {
		p.Reportf(0, "dropping role %s takes its login from every database of the cluster, and is refused while it owns anything; reassign what it owns first", listed(names))
	}
}

func reportOwned(p *lint.Pass, s *pg.DropOwnedStmt) {
	names := oldRoles(p, s.Roles)
	if len(names) == 0 {
		return
	}
	if !p.Tried() {
		if !reassigned(p, s.Roles) {
			f := p.Reportf(0, "DROP OWNED BY drops every object of %s, tables with their rows included; run REASSIGN OWNED first", listed(names))
			f.Severity = lint.Error
		}
		return
	}
	var lost []string
	for _, o := range p.Effect().Dropped {
		if name := facts.Identity(facts.Kind(o.Kind), o.Name); !o.Auto && !name.Kind.IsPart() && slices.Contains(tellableKinds, name.Kind) && !isNewObject(p, name) {
			lost = append(lost, name.Phrase())
		}
	}
	if len(lost) > 0 {
		f := p.Reportf(0, "DROP OWNED BY %s drops %s; run REASSIGN OWNED first", listed(names), listed(lost))
		f.Severity = lint.Error
	}
}

// oldRoles names the roles that the migrations under review did not make.
func oldRoles(p *lint.Pass, specs []*pg.Node) []string {
	var names []string
	for _, n := range specs {
		name := facts.RoleName(n)
		if !p.Object(facts.Name{Kind: facts.Role, Name: name}).IsNew(p) {
			names = append(names, name)
		}
	}
	return names
}

func reassigned(p *lint.Pass, specs []*pg.Node) bool {
	return !slices.ContainsFunc(specs, func(n *pg.Node) bool {
		role := p.Object(facts.Name{Kind: facts.Role, Name: facts.RoleName(n)})
		return !wasReassigned(role.Before(p))
	})
}

func wasReassigned(events iter.Seq[lint.Event]) bool {
	for e := range events {
		if _, is := e.Tree.(*pg.ReassignOwnedStmt); is && e.New {
			return true
		}
	}
	return false
}
