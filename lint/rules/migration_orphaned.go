package rules

import "github.com/migvet/migvet/lint"

// MigrationOrphaned is about SQL that its tool does not know.
var MigrationOrphaned = &lint.Rule{
	ID: "migration-orphaned", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A file of SQL stands among the migrations but never runs",
	Why:   "Drizzle 0.x runs what `meta/_journal.json` lists and nothing else. A file without an entry, often left behind by a merge, looks like a migration in review and is none. Other tools pass over what is not named as they want it, and Liquibase over what no changelog names.",
	Fix:   "Create migrations with `drizzle-kit generate` (`--custom` for SQL of your own), which adds the entry; move files that are no migrations elsewhere.",
}
