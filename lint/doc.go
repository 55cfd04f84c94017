// Package lint says what a migration is, what a rule may ask of it, and how
// rules become findings.
//
// A [Rule] is an immutable value whose documentation is part of it. Its Check
// function sees one [Statement] at a time through a [Pass]: the parse tree, the
// migrations around it and, when the statement was tried on a real server, the
// [Effect] it had there, which the caller hands to [Run] as [Observed]. What was
// observed always wins over what the SQL text suggests; without an Effect rules
// fall back on the text and say "may".
//
// The package does no I/O: files, git and PostgreSQL are the caller's, and
// reach the rules as values. [Run] is deterministic and keeps no state.
package lint
