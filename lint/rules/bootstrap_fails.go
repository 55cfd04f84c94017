package rules

import "github.com/migvet/migvet/lint"

// BootstrapFails is reported by the trial.
var BootstrapFails = &lint.Rule{
	ID: "bootstrap-fails", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "All migrations in a row do not apply on an empty database",
	Why: `Databases that grew with the history are not affected. A new developer's machine, a review environment or a restored region starts from
nothing and runs everything at once, in the tool's own transaction mode, and stops here.`,
	Fix: "Most often a value added to an enum is used before it is committed, or an old file was changed so that a later one no longer fits. Correct the new migration; an old one that nobody can run any more may need a documented baseline.",
}
