package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var serverDropped = &lint.Rule{
	ID: "server-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A foreign server, its wrapper or a login to it is dropped",
	Why: "Foreign tables stay as they are and cannot be read any more: without the user mapping of the role that asks, the other server refuses the login. PostgreSQL refuses to drop a server or wrapper that has foreign tables (`2BP01`); `CASCADE` drops those, and the views on them. " +
		"Options such as host and password are not kept anywhere.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropserver.html",
	Fix: "Change what is there: `ALTER SERVER … OPTIONS (SET host '…')`, `ALTER USER MAPPING`. Else drop the foreign tables by name first, so that the review shows them.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "server", "foreign-data wrapper") {
			if !isNewObject(p, r.Name) && p.MadeAgain(r.Name) == nil {
				p.Reportf(r.location, "dropping %s leaves its foreign tables unreadable, or takes them along with CASCADE; use ALTER SERVER, or drop them by name first", r.Phrase())
			}
		}
		if s := p.Node().GetDropUserMappingStmt(); s != nil && !(p.Tried() && len(p.Effect().Dropped) == 0 && s.MissingOk) {
			p.Reportf(0, "dropping the user mapping of server %s makes its foreign tables unreadable for that role; use ALTER USER MAPPING", s.Servername)
		}
	},
}
