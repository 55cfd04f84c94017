package rules_test

import (
	"fmt"
	"testing"

	"github.com/migvet/migvet/internal/mutate"
	"github.com/migvet/migvet/lint"
)

// Of a base in which every statement is a migration of its own, only those are
// parsed that can say something of the review: the findings are the same.
func TestBaseIsReadWhereItMatters(t *testing.T) {
	for _, c := range loadCases(t) {
		if len(c.base) == 0 {
			continue
		}
		renamed := c
		if c.except["renamed"] == "" {
			renamed, _ = c.mutated(t, mutate.Renamed())
		}
		for _, c := range []ruleCase{c, renamed} {
			t.Run(c.rule+"/"+c.name, func(t *testing.T) {
				apart := c
				apart.base = statementsApart(c.base)
				whole := c
				whole.base = []*lint.Migration{migration("base.sql", c.base[0].Source+"\n-- what has the word RENAME is always read")}
				want, got := whole.told(), apart.told()
				for _, finding := range without(want, got, asItIs) {
					t.Errorf("lost: %s", finding)
				}
				for _, finding := range without(got, want, asItIs) {
					t.Errorf("only with the base in pieces: %s", finding)
				}
			})
		}
	}
}

func asItIs(text string) string { return text }

// statementsApart makes a migration of every statement.
func statementsApart(migrations []*lint.Migration) []*lint.Migration {
	var apart []*lint.Migration
	for _, m := range migrations {
		for i, s := range m.Statements() {
			apart = append(apart, migration(fmt.Sprintf("base%03d.sql", i), s.SQL))
		}
	}
	return apart
}
