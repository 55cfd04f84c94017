package rules

import "github.com/migvet/migvet/lint"

// MigrationOutOfOrder is about a new migration that comes before old ones.
var MigrationOutOfOrder = &lint.Rule{
	ID: "migration-out-of-order", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A new migration stands before migrations that are already applied",
	Why: "Drizzle 0.x asks the database for the newest `created_at` it has applied and runs only journal entries whose `when` is greater. " +
		"An entry that was generated earlier but merged later is skipped without a word, on every database that is up to date, while new databases run it.\n\n" +
		"Other tools refuse to run anything, or run the latecomer all the same (Prisma, sqlx, Diesel, Hasura, sql-migrate, Drizzle 1.0): deployed databases then run it behind what new ones run after it. That is a warning where one names what the other makes or changes, and nothing where they have no object in common.\n\n" +
		"In plain folders the order of file names decides: new databases run the file earlier than deployed ones do. That is a warning.",
	Fix:      "Generate the migration again on top of the base branch, or raise its number (for Drizzle: its `when` in the journal) above the newest one there.",
	Explains: []string{"skipped"},
}
