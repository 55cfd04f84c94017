package rules

import "github.com/migvet/migvet/lint"

// DownMissing is reported by the reading of the folder.
var DownMissing = &lint.Rule{
	ID: "down-missing", Group: lint.GroupHistory, Severity: lint.Off,
	Title: "A migration has no down, or an empty one, where its tool runs downs",
	Why: `Many teams only go forward, and rightly: a down is one more migration that nobody has tried. Those who do go back learn late that a
tool takes a missing down for an empty one: it forgets that the migration has run and leaves the schema as it is, so that running it again fails.`,
	Fix: "Write the down, or one that fails with a message, so that nobody believes it went back.",
}
