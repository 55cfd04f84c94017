package rules

import "github.com/migvet/migvet/lint"

// MigrationRenamed is about a migration of the base branch under another name.
var MigrationRenamed = &lint.Rule{
	ID: "migration-renamed", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A migration that is on the base branch has another name",
	Why: `Most tools remember migrations by name or version, so the same SQL is new to them: it runs a second time and fails on what already exists. Not told where the version stays and the tool remembers that alone.
Drizzle 0.x remembers only the time in the journal ("when"). As long as that stays below the newest one that was applied, deployed databases notice nothing, and this is a warning.`,
	Fix: "Keep the old name; a number that was used twice is better corrected on the migration that is new.",
}
