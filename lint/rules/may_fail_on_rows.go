package rules

import "github.com/migvet/migvet/lint"

// MayFailOnRows is reported by the trial.
var MayFailOnRows = &lint.Rule{
	ID: "may-fail-on-rows", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "A migration fails when the table holds certain rows",
	Why: `On well-behaved rows the statement passed. On rows with what real tables collect (NULLs, duplicates, values without a parent,
long or empty text, big and negative numbers) the server refused it. Whether production has such rows, only production knows.`,
	Fix: "Look for the rows that the message names before deploying, or let the migration repair them first. When you know there are none, write `-- migvet:ignore may-fail-on-rows` and how you know.",
}
