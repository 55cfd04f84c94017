package rules_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// What the base branch's own files do in the same way is a habit, and nobody is told of it
// at each pull request.
func TestHabitsOfTheBase(t *testing.T) {
	const (
		longName  = "ALTER TABLE orders ADD COLUMN column_%s_whose_name_goes_on_and_on_until_nobody_can_remember_how_it_began int;\n"
		commits   = "BEGIN;\nALTER TABLE orders ADD COLUMN note_%s text;\nCOMMIT;\n"
		unrelated = "CREATE TABLE a_%s (id int PRIMARY KEY);\n"
	)
	for _, c := range []struct {
		name, rule, base, new string
		want                  int
	}{
		{"a long name", "name-too-long", unrelated, longName, 1},
		{"long names", "name-too-long", longName, longName, 0},
		{"a commit", "transaction-control", unrelated, commits, 1},
		{"commits", "transaction-control", commits, commits, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &lint.History{Dir: "migrations", Base: []*lint.Migration{numbered(c.base, "1")}, New: []*lint.Migration{numbered(c.new, "2"), numbered(c.new, "3")}}
			var told []string
			for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: rules.All()}) {
				if f.Rule == c.rule {
					told = append(told, f.Message)
				}
			}
			if len(told) != c.want {
				t.Errorf("told: %q", told)
			}
		})
	}
}

func numbered(sql, number string) *lint.Migration {
	return &lint.Migration{Path: "migrations/" + number + ".sql", Name: number, Source: strings.ReplaceAll(sql, "%s", number)}
}
