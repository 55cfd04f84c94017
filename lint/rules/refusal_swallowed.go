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

// A handler is EXCEPTION WHEN … THEN … END in a body.
type handler struct {
	start, at  int      // bytes: where its block begins, and where itself
	conditions []string // that hide something: OTHERS
	raises     bool     // it fails again
}

func (h handler) hides() bool { return len(h.conditions) > 0 && !h.raises }

// handlersIn reads the handlers of a body, in their order.
func handlersIn(text string) []handler {
	words := wordsOf(&lint.Statement{SQL: text})
	var found []handler
	for i := range words.text {
		if words.at(i) != "exception" || words.at(i+1) != "when" {
			continue
		}
		h := handler{start: blockStart(words, i), at: int(words.tokens[i].Start)}
		for j := i + 1; j < len(words.text) && !endsBlock(words, j); j++ {
			h.read(words, j)
		}
		found = append(found, h)
	}
	return found
}

// blockStart returns where the block begins that a handler belongs to.
func blockStart(words wordList, handler int) int {
	depth := 0
	for i := handler - 1; i >= 0; i-- {
		switch {
		case endsBlock(words, i):
			depth++
		case words.at(i) == "begin" && depth == 0:
			return int(words.tokens[i].Start)
		case words.at(i) == "begin":
			depth--
		}
	}
	return 0
}

// endsBlock tells END; from END IF; and from that of a CASE.
func endsBlock(words wordList, i int) bool {
	return words.at(i) == "end" && (words.at(i+1) == ";" || words.at(i+1) == "")
}

// hiding are the conditions behind which more than a repeated migration can be.
var hiding = wordSet("others unique_violation check_violation foreign_key_violation not_null_violation exclusion_violation integrity_constraint_violation lock_not_available")

// read takes one word of a handler.
func (h *handler) read(words wordList, i int) {
	word := words.at(i)
	isCondition := words.at(i-1) == "when" || words.at(i-1) == "or"
	switch {
	case isCondition && hiding[word]:
		h.conditions = append(h.conditions, strings.ToUpper(word))
	case isCondition && word == "sqlstate" && strings.HasPrefix(words.at(i+1), "'23"):
		h.conditions = append(h.conditions, "SQLSTATE "+words.at(i+1))
	}
	if word == "raise" && !wordSet("notice warning info log debug")[words.at(i+1)] {
		h.raises = true
	}
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
