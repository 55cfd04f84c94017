package rules

import "github.com/migvet/migvet/lint"

// JournalInvalid is about the file that lists migrations.
var JournalInvalid = &lint.Rule{
	ID: "journal-invalid", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The list of migrations is broken, or what it said before was changed",
	Why: "Drizzle 0.x decides by `meta/_journal.json` alone what runs, and in which order. When it is not JSON (merge conflict markers, a comma too many), nothing runs. " +
		"When the `when` of an old entry changes, a database may run that migration again or skip others. An entry stamped in the future makes Drizzle skip every migration that is generated before that time has come.\n\n" +
		"Sqitch refuses a `sqitch.plan` that it cannot read, or whose dependencies are not before the change. graphile-migrate refuses all when the hashes of its migrations form no chain.",
	Fix: "Take the journal of the base branch and let the tool add the new entry to it (`drizzle-kit generate`, `sqitch add`, `graphile-migrate commit`).",
}
