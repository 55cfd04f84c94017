package rules

import "github.com/migvet/migvet/lint"

// MigrationMissing is about an entry without its file.
var MigrationMissing = &lint.Rule{
	ID: "migration-missing", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A migration is listed, but its SQL file does not exist",
	Why: "Drizzle 0.x reads the files of all entries, applied or not, before it runs anything. One missing file, however old, stops every migration on every database. " +
		"Sqitch fails when it comes to a change of its plan whose script does not exist; Prisma when a folder has no `migration.sql`.",
	Fix: "Put the file back, or remove the entry with `drizzle-kit drop` if no database has run it.",
}
