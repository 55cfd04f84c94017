package rules

import "github.com/migvet/migvet/lint"

// SnapshotMissing is about a Drizzle migration that drizzle-kit does not know.
var SnapshotMissing = &lint.Rule{
	ID: "snapshot-missing", Group: lint.GroupHistory, Severity: lint.Warning,
	Title: "A Drizzle migration has no snapshot",
	Why: "`drizzle-kit generate` (0.x) does not read SQL: it compares the schema file with the newest snapshot in `meta`. A migration that was written by hand, entry in the journal included, leaves none, so the next `generate` writes the same change again: `CREATE TABLE`, `ADD COLUMN` of what is there. " +
		"Nothing says so; `drizzle-kit check` is content. Later, `drizzle-kit up` to 1.0 refuses the folder: `No snapshot was found`, without a name.\n\n" +
		"Not told where the two newest migrations of the base branch have none either: such a folder is no longer drizzle-kit's.\n\n" +
		"Measured with drizzle-kit 0.31.11 and 1.0.0-rc.5.",
	Fix: "Let drizzle-kit make the files and write the SQL into them: `drizzle-kit generate --custom --name …`. For a migration that is out already, put the snapshot before it beside it under its own number, with a new `id` and the old one's `id` as `prevId`.",
}
