package rules

import "github.com/migvet/migvet/lint"

// MigrationDuplicate is about two migrations with one number.
var MigrationDuplicate = &lint.Rule{
	ID: "migration-duplicate", Group: lint.GroupHistory, Severity: lint.Warning,
	Title: "Two migrations share a number, time or name",
	Why: `Two branches took the same number. Which of the two runs first is then decided by the rest of the name, or by a merge.
With Drizzle one of the two snapshots is lost as well, so that the next ` + "`drizzle-kit generate`" + ` repeats statements that have run. The same tag twice, an error, runs the same file twice.`,
	Fix: "Generate the newer migration again on top of the base branch.",
}
