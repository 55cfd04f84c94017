package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var viewDropped = &lint.Rule{
	ID: "view-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A view or materialized view is dropped",
	Why: "Code that is still running fails with `42P01` when it reads the view. A materialized view also loses its rows and its indexes; filling one again can take long.\n\n" +
		"A view that is dropped and made again in one migration is a redefinition. It loses grants, comments, triggers and `security_barrier`/`security_invoker` settings, which `CREATE OR REPLACE VIEW` keeps as long as columns are only added at the end. That is told of materialized views, whose indexes go, and of views that an earlier statement grants or comments.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createview.html",
	Fix: "First deploy code that does not read the view. To redefine one, use `CREATE OR REPLACE VIEW` where it is possible, or repeat the `GRANT`s behind `CREATE VIEW`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "view", "materialized view") {
			if isNewObject(p, r.Name) {
				continue
			}
			if p.MadeAgain(r.Name) != nil {
				reportRedefined(p, r)
				continue
			}
			p.Reportf(r.location, "dropping %s breaks code that reads it%s; first deploy code that does not", r.Phrase(), stillMentioned(p, r.Name))
		}
	},
}

// reportRedefined tells what a drop followed by a creation does not restore.
func reportRedefined(p *lint.Pass, r removal) {
	if r.Kind == "view" && !hasGrants(p, r.Name) {
		return
	}
	lost := "comments and triggers are lost; repeat them, or use CREATE OR REPLACE VIEW"
	if r.Kind == "materialized view" {
		lost = "comments and indexes are lost; repeat them"
	}
	f := p.Reportf(r.location, "%s is made again below: grants on it, %s", r.Phrase(), lost)
	f.Severity = lint.Notice
}
