package rules

import "github.com/migvet/migvet/lint"

// SchemaNotMigrated is about a schema file that changed alone.
var SchemaNotMigrated = &lint.Rule{
	ID: "schema-not-migrated", Group: lint.GroupHistory, Severity: lint.Notice,
	Title: "A Drizzle schema file changed, and no migration was added",
	Why: "The code sees the new schema file at once; the database gets what a migration says. A column that only the file has fails at the first query (`42703`), in production if the developer's own database was brought up to date with `drizzle-kit push`. " +
		"`drizzle-kit check` does not compare the two. The schema files are those that drizzle.config names, what these export from other files of the repository, and the columns and enums that they import from them by a relative path; changes to comments and white space do not count, but a change to types or relations alone may need no migration either. " +
		"Nothing is said where an `atlas.hcl` of the base branch has Atlas make the migrations from them, in a folder of its own.\n\n" +
		"`--drizzle-generate` proves it: the repository's own drizzle-kit generates into a copy of the folder. What it writes is the migration that is missing, a warning; when it has nothing to write, nothing is reported.",
	Fix: "Run `drizzle-kit generate`; when it says `No schema changes`, nothing is missing.",
}
