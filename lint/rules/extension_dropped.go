package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var extensionDropped = &lint.Rule{
	ID: "extension-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "An extension is dropped",
	Why: "All functions, operators and types of the extension go. PostgreSQL refuses while a column, index, default or view uses one of them (`2BP01`), but code and function bodies that call them fail later, with `42883`. " +
		"With `CASCADE` columns of its types (`citext`, `hstore`, `geometry`, `vector`) are dropped with their values; see `drop-cascades`.\n\n" +
		"Making an extension again needs rights that the role of the migrations often does not have.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropextension.html",
	Fix: "List what uses it, convert that by name, and drop the extension without `CASCADE`.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "extension") {
			if isNewObject(p, r.Name) || madeInReview(p, r.Name) || p.MadeAgain(r.Name) != nil {
				continue
			}
			p.Reportf(r.location, "dropping extension %s breaks code and function bodies that call its functions; first deploy code that does not", r)
		}
	},
}

// madeInReview tells whether the review made what CREATE EXTENSION IF NOT EXISTS asks
// for, by what the server said of it where it was tried.
func madeInReview(p *lint.Pass, extension facts.Name) bool {
	made := p.Object(extension).Made()
	if made == nil || !made.New {
		return false
	}
	e := p.EffectOf(made.Statement)
	return e == nil || !slices.ContainsFunc(e.Notices, func(n string) bool { return strings.HasSuffix(n, "already exists, skipping") })
}
