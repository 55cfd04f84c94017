package rules

import "github.com/migvet/migvet/lint"

// MigrationDeleted is about a migration of the base branch that is gone.
var MigrationDeleted = &lint.Rule{
	ID: "migration-deleted", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A migration that is on the base branch was deleted",
	Why:   "Databases that have run it keep what it made; new databases never get it. Later migrations that build on it work on the former and fail on the latter.",
	Fix:   "Put the migration back, and undo what it did with a new one.",
}
