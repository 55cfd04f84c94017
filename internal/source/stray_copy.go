package source

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// MigratedStatements are the statements of migrations, by their words.
type MigratedStatements map[string][]*lint.Statement

// Migrated returns the statements that migrations hold, of both branches.
func Migrated(sources []*Source) MigratedStatements {
	all := MigratedStatements{}
	allowance := lint.NewAllowance(lint.MaxTokens) // of its own: findings must not want for it
	for _, s := range sources {
		for _, m := range slices.Concat(s.Head, s.History.Base) {
			again := lint.Migration{Source: m.Source, Chunks: m.Chunks, Allowance: allowance}
			for _, statement := range again.Statements() {
				key := wordsOfSQL(statement.SQL)
				all[key] = append(all[key], statement)
			}
		}
	}
	return all
}

// Repeat tells whether all that a file makes and changes stands in the migrations, as in
// one that joins them for somebody to run by hand.
func (all MigratedStatements) Repeat(text string) bool {
	m := lint.Migration{Source: text, Allowance: lint.NewAllowance(lint.MaxTokens)}
	return !slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool {
		return strayStatement(s, nil) != Harmless && !all.hold(s)
	})
}

func (all MigratedStatements) hold(s *lint.Statement) bool {
	return slices.ContainsFunc(all[wordsOfSQL(s.SQL)], func(other *lint.Statement) bool { return sameStatement(s, other) })
}

// wordsOfSQL is a text without comments, literals and white space, alike for what may be the
// same.
func wordsOfSQL(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(sqlNoise.ReplaceAllString(text, " ")), ""))
}
