package rules

import "github.com/migvet/migvet/lint"

// RunnerBlocked is reported by the trial.
var RunnerBlocked = &lint.Rule{
	ID: "runner-blocked", Group: lint.GroupTrial, Severity: lint.Error, Measured: true,
	Title: "A migration and the lock of the application's runner get in each other's way",
	Why: "An application that migrates when it starts lets one instance do so, under an advisory lock. With `runner` in `.migvet.yml` the trial takes that lock on a connection of its own, as the application does, and lets a second runner come at the same time: exactly one may apply the migrations, and no lock may be left afterwards. " +
		"A migration that asks for the same lock waits for its own runner for ever; one that takes another session lock and keeps it is in the way of the next deploy; and what takes longer than the runner waits is given up in the middle.",
	Fix: "Take no session locks in migrations; `pg_advisory_xact_lock` with a number of its own ends with the transaction.",
}
