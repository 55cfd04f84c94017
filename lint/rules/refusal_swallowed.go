package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var refusalSwallowed = &lint.Rule{
	ID: "refusal-swallowed", Group: lint.GroupTx, Severity: lint.Warning,
	On:    facts.Ran,
	Title: "A DO block catches what PostgreSQL refuses, so the migration passes without its work",
	Why: "`EXCEPTION WHEN OTHERS` catches every error: of rows that a constraint refuses, of a lock that was not to be had, of a name that is misspelt. What stands in the block is rolled back, the migration counts as applied, and nothing tells that the constraint or the column is not there. A `RAISE NOTICE` is read by nobody.\n\n" +
		"Conditions that stand for rows (`unique_violation`, `check_violation`, `SQLSTATE '23503'`) hide as much of an `ALTER TABLE`. `duplicate_object` and its like are what such blocks are for, and not reported; nor is a handler that raises again.\n\n" +
		"https://www.postgresql.org/docs/current/plpgsql-control-structures.html#PLPGSQL-ERROR-TRAPPING",
	Fix: "Catch the one condition that is meant, or ask first:\n\n```sql\nDO $$ BEGIN\n  ALTER TABLE pets ADD CONSTRAINT pets_user_fk FOREIGN KEY (user_id) REFERENCES users (id);\nEXCEPTION WHEN duplicate_object THEN NULL;\nEND $$;\n```",
	Check: func(p *lint.Pass) {
		b, found := bodyOf(p.Statement)
		if !found || b.routine != "" || !strings.EqualFold(b.language, "plpgsql") {
			return
		}
		for _, h := range handlersIn(b.text) {
			if what := hiddenWork(b, h); what != "" && h.hides() {
				p.Reportf(b.location(h.at), "WHEN %s catches whatever is refused here, so that the migration passes and %s; catch only what is meant, such as duplicate_object", h.conditions[0], what)
			}
		}
	},
}

// hiddenWork returns the first thing of the database that the block of a handler changes;
// "" for none: roles and extensions are not everywhere to be had, and blocks that try are
// for that. Behind conditions of rows, INSERT is what it is for.
func hiddenWork(b body, h handler) string {
	for c := range b.commands() {
		if c.Start < h.start || c.Start >= h.at {
			continue
		}
		for _, s := range c.Statements {
			for _, f := range s.Facts() {
				if what := hiddenFact(f, h); what != "" {
					return what
				}
			}
		}
	}
	return ""
}

func hiddenFact(f facts.Fact, h handler) string {
	work := facts.Made | facts.Changed | facts.Dropped | facts.Renamed | facts.Moved
	if slices.Contains(h.conditions, "OTHERS") {
		work |= facts.Filled | facts.Updated | facts.Deleted | facts.Emptied
	}
	if f.Verb&work == 0 || f.Name.Name == "" || !f.Name.Kind.IsPart() && !f.Name.Kind.IsRelation() && f.Name.Kind != facts.Index && f.Name.Kind != facts.Type {
		return ""
	}
	what := strings.TrimPrefix(string(f.Name.Kind), "table ") + " " + f.Name.String()
	switch {
	case f.Verb&facts.Made != 0:
		return what + " may not be there"
	case f.Verb&facts.Dropped != 0:
		return what + " may still be there"
	}
	return what + " may be as it was"
}
