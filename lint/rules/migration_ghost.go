package rules

import "github.com/migvet/migvet/lint"

// MigrationGhost is about migrations that deployed databases never ran.
var MigrationGhost = &lint.Rule{
	ID: "migration-ghost", Group: lint.GroupHistory, Severity: lint.Warning,
	Title: "A migration of the base branch cannot have run on any deployed database",
	Why: "Drizzle 0.x runs the entries of the journal that are newer than the newest it has run. An entry that was merged with an older time than one that was there before is skipped by every database that had run that one, without a word, and runs on new databases only: a developer's machine has the column, production does not.\n\n" +
		"The journal's versions along the first parents of the base branch are replayed, as if each had been deployed. Shallow clones do not have them, so nothing is said there (`actions/checkout` with `fetch-depth: 0` has). At most the last 500 are looked at.",
	Fix: "Look on production whether what the migration makes is there. If not, write it again in a new migration (`IF NOT EXISTS`, since new databases have it). When it was put right in another way, accept the finding.",
}
