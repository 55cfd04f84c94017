package rules

import "github.com/migvet/migvet/lint"

// MigrationEdited is about a migration of the base branch with other text.
var MigrationEdited = &lint.Rule{
	ID: "migration-edited", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A migration that is on the base branch was changed",
	Why: `Databases that have run the migration never run it again. They keep what the old text made, every new database gets what the new text makes, and nobody is told of the difference.
Drizzle stores a hash of the file and never compares it; tools that do compare (sqlx, Flyway, Atlas) refuse to start instead.

Statements are compared as PostgreSQL's parser reads them, one by one. When only comments or white space differ, or IF EXISTS, IF NOT EXISTS and OR REPLACE under a tool that compares no checksums, this is a notice. ` +
		"`check` makes it a warning where the old text stops on what the migrations of the base before it make, for what it says itself (a syntax error, a name that is not there, or there twice), and the new one applies in its place: it repairs what cannot have run. What stops for want of something that the migrations do not make, an extension, a role, a table from elsewhere, may have run.",
	Fix: "Put the old text back and write a new migration that makes the change.",
}
