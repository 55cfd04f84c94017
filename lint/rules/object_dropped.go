package rules

import (
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var objectDropped = &lint.Rule{
	ID: "object-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "Something is dropped that queries need without naming a table",
	Why: "Casts, operators, collations, text search configurations, languages and the like have no rows, and PostgreSQL refuses to drop one that an object of the database uses (`2BP01`). It does not know what code and function bodies use: they fail on their next call, or find another operator and give other results. " +
		"An event trigger stops without a word. Extended statistics are a notice: plans become worse.\n\n" +
		"One that the same migration makes again is not reported. Other objects have rules of their own.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-depend.html",
	Fix: "First deploy code that does not use it, and search function bodies:\n\n```sql\nSELECT oid::regprocedure FROM pg_proc WHERE prosrc ILIKE '%name%';\n```",
	Check: func(p *lint.Pass) {
		for _, r := range append(removals(p, lossyKinds...), droppedEventTriggers(p)...) {
			if isNewObject(p, r.Name) || p.MadeAgain(r.Name) != nil {
				continue
			}
			f := p.Reportf(r.location, "dropping %s: %s; make sure that nothing does", strings.TrimSpace(r.Phrase()), dropLossOf[r.Kind])
			if r.Kind == "statistics object" {
				f.Severity = lint.Notice
			}
		}
	},
}

const callsFail = "code and function bodies that use it fail"

// lossyKinds are the kinds that dropLossOf knows.
var lossyKinds = slices.Collect(maps.Keys(dropLossOf))

// dropLossOf says what goes with objects that have no rule of their own, by kind.
var dropLossOf = map[facts.Kind]string{
	"access method":             callsFail,
	"cast":                      "expressions that convert without writing it fail, or take another way",
	"collation":                 callsFail,
	"conversion":                callsFail,
	"event trigger":             "what it did at every DDL stops, and nothing will fail",
	"language":                  callsFail,
	"operator":                  "code and function bodies that use it fail, or find another one",
	"operator class":            callsFail,
	"operator family":           callsFail,
	"statistics object":         "plans of queries that combine its columns go back to guesses; queries that count on it become slow",
	"text search configuration": callsFail,
	"text search dictionary":    callsFail,
	"text search parser":        callsFail,
	"text search template":      callsFail,
	"transform":                 callsFail,
}

// droppedEventTriggers reads the text: no event trigger sees them go.
func droppedEventTriggers(p *lint.Pass) []removal {
	if !p.Tried() || p.Effect().Incomplete != "" {
		return nil // removals has read it
	}
	var found []removal
	for _, r := range writtenRemovals(p.Statement) {
		if r.Kind == "event trigger" && !slices.ContainsFunc(p.Effect().Notices, func(n string) bool { return strings.Contains(n, `"`+r.Name.Name+`" does not exist`) }) {
			found = append(found, r)
		}
	}
	return found
}
