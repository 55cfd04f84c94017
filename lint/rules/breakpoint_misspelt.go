package rules

import "github.com/migvet/migvet/lint"

// BreakpointMisspelt is about what looks like Drizzle's marker and is not.
var BreakpointMisspelt = &lint.Rule{
	ID: "breakpoint-misspelt", Group: lint.GroupHistory, Severity: lint.Notice,
	Title: "A statement breakpoint is not spelt as Drizzle wants it",
	Why: "Drizzle splits a file at the exact text `--> statement-breakpoint`, with one blank and in small letters. Everything like it is a comment: the statements on both sides are sent as one message. " +
		"node-postgres and postgres.js do not mind. Drivers that send one statement at a time (PGlite, neon-http, the AWS Data API) are refused: `cannot insert multiple commands into a prepared statement` (42601).",
	Fix: "Write `--> statement-breakpoint`.",
}
