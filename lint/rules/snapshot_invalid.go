package rules

import "github.com/migvet/migvet/lint"

// SnapshotInvalid is about Drizzle snapshots that cannot be read or do not
// hang together.
var SnapshotInvalid = &lint.Rule{
	ID: "snapshot-invalid", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "A Drizzle snapshot cannot be read, or its chain is broken",
	Why: "Each snapshot names the one it was made from (`prevId`, in 1.0 `prevIds`). drizzle-kit 0.x fails on one that is no JSON, merge conflict markers above all, or of an older version than its own: `generate` writes nothing then, and exits with status 0 all the same. " +
		"A predecessor that does not exist, an `id` that two share, or a circle passes `drizzle-kit check` 0.x, a warning here; `drizzle-kit up` to 1.0 refuses the folder, and 1.0 stops on all of them.",
	Fix: "Take the snapshots of the base branch and generate the new migration again. Snapshots of an older version are converted by `drizzle-kit up` of the version in use.",
}
