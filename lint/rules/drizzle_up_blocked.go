package rules

import "github.com/migvet/migvet/lint"

// DrizzleUpBlocked is about what stands in the way of Drizzle 1.0.
var DrizzleUpBlocked = &lint.Rule{
	ID: "drizzle-up-blocked", Group: lint.GroupHistory, Severity: lint.Off,
	Title: "drizzle-kit up would refuse to convert the folder to Drizzle 1.0",
	Why: "Drizzle 1.0 refuses a folder with a journal until `drizzle-kit up` has made a folder for each migration. It wants a snapshot and a file for every entry, one first migration, predecessors that exist, and times by which each migration sorts behind the one it follows: folders are named after the second of `when`, and then by name. " +
		"It changes nothing when one of that is missing. Switched on, this rule tells of all of it, old migrations included.\n\nMeasured with drizzle-kit 1.0.0-rc.5.",
	Fix: "Add what is missing before the upgrade: a copy of the snapshot before it, relinked, for a migration that has none.",
}
