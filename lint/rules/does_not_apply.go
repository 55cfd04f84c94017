package rules

import "github.com/migvet/migvet/lint"

// DoesNotApply is reported by the trial.
var DoesNotApply = &lint.Rule{
	ID: "does-not-apply", Group: lint.GroupTrial, Severity: lint.Error, Measured: true,
	Title: "The new migrations do not apply on top of the base branch",
	Why: `migvet built the base branch's schema on a throw-away server and ran what is new as the migration tool runs it: its
pending rule, its messages, its transactions. The server refused a statement although no row was in the way, so the deploy would fail the same way.`,
	Fix: "Correct the statement at the position the server names. If the statement is right and only this tool's transaction forbids it, the tool needs another mode for the file.",
}
