package rules

import "github.com/migvet/migvet/lint"

// SnapshotCollision is about two Drizzle snapshots made from the same one.
var SnapshotCollision = &lint.Rule{
	ID: "snapshot-collision", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "Two Drizzle snapshots follow the same one",
	Why: "Two branches generated a migration from the same state, and one was merged before the other. Neither snapshot knows of the other's change. " +
		"drizzle-kit 0.x stops from then on: `check` fails, and `generate` prints `pointing to a parent snapshot … which is a collision`, writes nothing, and exits with status 0. The next person to change the schema has to find out.\n\n" +
		"With drizzle-kit 1.0 branches may stand side by side as long as they do not touch the same objects; where they do, `check`, `generate` and `migrate` fail.",
	Fix: "Merge or rebase, remove the migration of the branch with its snapshot and journal entry, and run `drizzle-kit generate` again.",
}
