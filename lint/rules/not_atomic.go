package rules

import "github.com/migvet/migvet/lint"

// NotAtomic is reported by the trial.
var NotAtomic = &lint.Rule{
	ID: "not-atomic", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "A migration that fails leaves half of itself behind",
	Why: "After a failure inside of a transaction the schema is the one before, and the application that runs goes on. A `COMMIT` in the file, or a tool that opens no transaction, keeps what came before the failure, while the tool notes the migration as not done: the next attempt fails on what exists, or runs it twice. " +
		"The schema after the failure is compared with the one that the migrations make which the tool has noted as done.",
	Fix: "Put what can fail first, or into a migration of its own, and write the rest so that it can run again (`IF NOT EXISTS`). What stays behind has to be removed by hand before the next deploy.",
}
