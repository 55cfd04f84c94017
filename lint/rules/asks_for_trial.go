package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
)

var asksForTrial = &lint.Rule{
	ID: "asks-for-trial", Group: lint.GroupSecurity, Severity: lint.Error,
	Title: "A migration asks whether it runs in a trial",
	Why: "Roles and functions whose names begin with `migvet` exist where migvet tries a migration, and in no production; a server that was started a minute ago is one for trials. " +
		"A migration that asks for them can do one thing where it is checked, and another where it is applied. No migration needs to know.\n\n" +
		"It is found in statements, in `DO` blocks and in functions; for the age of the server only in those that the migrations run. A name that is put together in a way that only running it shows is not found: `code-not-run` tells of what a condition kept from running.",
	Fix: "Remove the condition, and have the migration do the same everywhere. What is for production alone belongs into its deployment, not into a migration.",
	Check: func(p *lint.Pass) {
		for _, q := range questionsOf(p.Statement) {
			if q.ofServer && !isRun(p) || q.what == "migvet" && isProse(p) || q.isStandIn(p) {
				continue
			}
			what := "asks for " + q.what + ", which only a trial has"
			if q.ofServer {
				what = "asks with " + q.what + " how old the server is, which in a trial was just started"
			}
			p.Reportf(q.location, "this %s, so it can do something else in production than where it is checked; remove it", what)
		}
	},
}

// isProse tells whether a word in a statement is more likely a value than a
// question.
func isProse(p *lint.Pass) bool {
	return p.Node().GetInsertStmt() != nil || p.Node().GetCommentStmt() != nil
}

// isRun tells whether the migrations run what the statement says: itself, or the
// routine that it makes.
func isRun(p *lint.Pass) bool {
	b, found := bodyOf(p.Statement)
	if !found || b.routine == "" {
		return runsCalls(p.Statement)
	}
	callers := callersOf(p, b.routine)
	for s := range p.Later() {
		e := p.EffectOf(s)
		if callers.runs(s) || e != nil && slices.ContainsFunc(e.Called, func(c lint.Routine) bool { return c.Source == b.text }) {
			return true
		}
	}
	return false
}

// isStandIn tells whether a name is the one with which a trial fills a
// placeholder for the database: GRANT CONNECT ON DATABASE :DATABASE_NAME.
func (q question) isStandIn(p *lint.Pass) bool {
	at := p.Statement.Start + int(q.location)
	return q.what == "migvet_database" && slices.ContainsFunc(p.Migration.Replaced, func(r lint.Replacement) bool {
		return r.Made.Start <= at && at < r.Made.End
	})
}
