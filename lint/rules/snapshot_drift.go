package rules

import "github.com/migvet/migvet/lint"

// SnapshotDrift is reported by the trial.
var SnapshotDrift = &lint.Rule{
	ID: "snapshot-drift", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "The migrations do not make what the tool's snapshot says",
	Why: "Drizzle's snapshot holds what the schema file said when the migration was generated. `drizzle-kit generate` compares with it and never with a database, so SQL that was edited by hand afterwards goes unnoticed: what the schema file has and no migration makes stays missing, in production only, where `drizzle-kit push` is not used; and what only the SQL has is dropped by the next `push`.\n\n" +
		"The newest snapshot is turned into a second schema on the same server, and the two catalogs are compared. Functions, triggers, extensions, grants, comments and what else Drizzle cannot express is left out. What migrations wrote by hand and a snapshot needs, as a function in a default or a domain, is lent to it. Objects that the snapshot does not have are a notice. What differed on the base branch already is told only where the review touches it, in one line; `--all` tells the rest.",
	Fix: "Change the schema file and generate the migration again, or write what is missing into a new one (`drizzle-kit generate --custom`). An index or table that only SQL can express is accepted with a reason.",
}
