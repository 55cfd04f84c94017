package rules

import "github.com/migvet/migvet/lint"

// SeveralStatementsSent is about messages that some of Drizzle's drivers
// cannot send.
var SeveralStatementsSent = &lint.Rule{
	ID: "several-statements-sent", Group: lint.GroupHistory, Severity: lint.Off,
	Title: "Drizzle sends several statements at once, which some drivers cannot",
	Why: "Without a statement breakpoint between them, statements are one message. PGlite, neon-http, the AWS Data API and other drivers that prepare what they send are refused: `cannot insert multiple commands into a prepared statement` (42601); node-postgres and postgres.js pass. " +
		"A warning when drizzle.config names such a driver, else opt-in: the driver of the application is not visible.",
	Fix: "Write `--> statement-breakpoint` between the statements.",
}
