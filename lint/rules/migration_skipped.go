package rules

import "github.com/migvet/migvet/lint"

// MigrationSkipped is reported by the trial.
var MigrationSkipped = &lint.Rule{
	ID: "migration-skipped", Group: lint.GroupTrial, Severity: lint.Error, Measured: true,
	Title: "The migration tool does not run a new migration, or runs it again",
	Why: `migvet recorded the base branch's migrations in the tool's history table as the tool does, and then asked the tool's own rule what is
pending. A new migration that is not pending there is skipped in production without an error; one that is still pending after it ran runs at every deploy.`,
	Fix: "Generate the migration again on top of the current base branch, so that its version or time stamp is the newest.",
}
