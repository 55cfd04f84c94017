package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestRules runs every case as `migvet lint` does: without a server.
func TestRules(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			o := options(c.rule)
			o.Postgres = c.major
			findings := lint.Run([]*lint.History{c.history()}, nil, o)
			c.compare(t, findings, "want", "static")
			c.compareFixes(t, findings)
		})
	}
}

// panicAgain fails a test in which a rule panics.
func panicAgain(what string, stack []byte) { panic(what + " panicked:\n" + string(stack)) }

// options switches opt-in rules on.
func options(rule string) lint.Options {
	o := lint.Options{Rules: rules.All(), Severity: map[string]lint.Severity{}, Edits: true, Panicked: panicAgain}
	for _, r := range o.Rules {
		if r.ID == rule && r.Severity == lint.Off {
			o.Severity[r.ID] = lint.Warning
		}
	}
	return o
}

func TestEveryRuleHasCases(t *testing.T) {
	bad, good := map[string]bool{}, map[string]bool{}
	for _, c := range loadCases(t) {
		switch {
		case !c.bad() && len(c.wants) > 0:
			t.Errorf("%s/%s: a good case wants findings", c.rule, c.name)
		case c.bad() && len(c.wants) == 0:
			t.Errorf("%s/%s: a bad case wants nothing", c.rule, c.name)
		case c.bad():
			bad[c.rule] = true
		default:
			good[c.rule] = true
		}
	}
	known := map[string]bool{}
	for _, r := range rules.All() {
		known[r.ID] = true
		if r.Check != nil && (!bad[r.ID] || !good[r.ID]) {
			t.Errorf("testdata/rules/%s.txtar needs a bad and a good case", r.ID)
		}
	}
	for id := range bad {
		if !known[id] {
			t.Errorf("testdata/rules/%s.txtar: no such rule", id)
		}
	}
}

func TestRulesAreDocumented(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	seen := map[string]bool{}
	for _, r := range rules.All() {
		if seen[r.ID] {
			t.Errorf("two rules are called %s", r.ID)
		}
		seen[r.ID] = true
		if !name.MatchString(r.ID) {
			t.Errorf("%s: not kebab-case", r.ID)
		}
		if r.Title == "" || r.Why == "" || r.Fix == "" || r.Group == "" {
			t.Errorf("%s: Group, Title, Why and Fix are all needed", r.ID)
		}
		if strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: a title has no full stop", r.ID)
		}
	}
}
