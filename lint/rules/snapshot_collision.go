package rules

import "github.com/migvet/migvet/lint"

// SnapshotCollision is about two Drizzle snapshots made from the same one.
var SnapshotCollision = &lint.Rule{
	ID: "snapshot-collision", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "Two Drizzle snapshots follow the same one",
	Why: "Two branches generated a migration from the same state, and one was merged before the other. Neither snapshot knows of the other's change. A snapshot that was copied under the next number, for a migration written by hand, looks the same to drizzle-kit. " +
		"drizzle-kit 0.x stops from then on: `check` fails, and `generate` prints `pointing to a parent snapshot … which is a collision`, writes nothing, and exits with status 0. The next person to change the schema has to find out.\n\n" +
		"With drizzle-kit 1.0 branches may stand side by side, a notice here, and the next migration that it generates merges them. Where a statement of one changes what a statement of the other changes or relies on, by the `footprints` in their snapshots, `check`, `generate` and `migrate` of drizzle-kit fail; `migrate()` of drizzle-orm looks at no snapshot and runs both. SQL of `generate --custom` has no footprints. `generate --fix-conflicts` deletes the migrations of both branches: every database that has run one of them has to be made anew.",
	Fix: "Merge or rebase, remove the migration of the branch with its snapshot and, in 0.x, its journal entry, and run `drizzle-kit generate` again. For a migration written by hand, `drizzle-kit generate --custom` makes the snapshot.",
}
