package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var viewDropped = &lint.Rule{
	ID: "view-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A view or materialized view is dropped",
	Why: "Code that is still running fails with `42P01` when it reads the view. A materialized view also loses its rows and its indexes; filling one again can take long.\n\n" +
		"A view that is dropped and made again in one migration is a redefinition. It loses grants, comments, triggers and `security_barrier`/`security_invoker` settings, which `CREATE OR REPLACE VIEW` keeps as long as columns are only added at the end. That is told of views that an earlier statement grants or comments, and of the indexes of materialized ones.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createview.html",
	Fix: "First deploy code that does not read the view. To redefine one, use `CREATE OR REPLACE VIEW` where it is possible, or repeat the `GRANT`s behind `CREATE VIEW`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "view", "materialized view") {
			if isNewObject(p, r.Name) {
				continue
			}
			if again := p.MadeAgain(r.Name); again != nil {
				reportRedefined(p, r, again)
				continue
			}
			mentioned := stillMentioned(p, r.Name)
			f := p.Reportf(r.location, "dropping %s breaks code that reads it%s; first deploy code that does not", r.Phrase(), mentioned)
			p.TellInSeries(f, "breaks"+mentioned, r.Phrase())
		}
		for _, r := range redefinedByCascade(p) {
			if again := madeAnew(p, r.Name); again != nil && !isNewObject(p, r.Name) {
				reportRedefined(p, r, again)
			}
		}
	},
}

// reportRedefined tells what a drop followed by a creation does not restore.
func reportRedefined(p *lint.Pass, r removal, again *lint.Event) {
	if r.Kind == facts.View {
		if hasGrants(p, r.Name) {
			f := p.Reportf(r.location, "%s is made again below: grants on it, comments and triggers are lost; repeat them, or use CREATE OR REPLACE VIEW", r.Phrase())
			f.Severity = lint.Notice
			p.TellInSeries(f, "made again", r.Phrase())
		}
		return
	}
	var lost []string
	if hasGrants(p, r.Name) {
		lost = append(lost, "grants on it and comments")
	}
	indexes := lostIndexes(p, r, again)
	for _, ix := range indexes {
		lost = append(lost, indexNoun(ix.Index)+" "+ix.Name)
	}
	if len(lost) == 0 {
		return
	}
	verb := "are"
	if len(lost) == 1 && len(indexes) == 1 {
		verb = "is"
	}
	f := p.Reportf(r.location, "%s is made again below: %s %s lost; repeat them%s", r.Phrase(), listed(lost), verb, unrefreshable(indexes))
	f.Severity = lint.Notice
	if unrefreshable(indexes) != "" {
		f.Severity = lint.Warning
	}
}

func indexNoun(ix lint.Index) string {
	if ix.Unique {
		return "unique index"
	}
	return "index"
}

// unrefreshable says what fails without the unique index that is lost.
func unrefreshable(indexes []lostIndex) string {
	if !slices.ContainsFunc(indexes, func(ix lostIndex) bool { return ix.last }) {
		return ""
	}
	return ", since REFRESH MATERIALIZED VIEW CONCURRENTLY fails without a unique index (55000)"
}
