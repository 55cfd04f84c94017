package rules

import "github.com/migvet/migvet/lint"

// SnapshotOrphaned is about a Drizzle snapshot that outlived its migration.
var SnapshotOrphaned = &lint.Rule{
	ID: "snapshot-orphaned", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The newest Drizzle snapshot belongs to no migration",
	Why: "`drizzle-kit generate` (0.x) compares the schema file with the last snapshot in `meta` by name, whether or not the journal has an entry for it. One that is left behind by a migration that was removed describes a schema nobody has: " +
		"the next `generate` drops what the removed migration had made (`DROP TABLE … CASCADE` of tables that do not exist), or leaves out what it takes for done.",
	Fix: "Remove the snapshot together with its migration; `drizzle-kit drop` does both.",
}
