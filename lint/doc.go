// Package lint says what a migration is, what a rule may ask of it, and how
// rules become findings.
//
//	History                  a directory of migrations: Base has run, New is under review
//	  └ Migration            one file, as its tool sends it
//	      └ Statement        a part of it, with its parse tree
//	          └ facts.Fact   what it does to one object: "makes column orders.total"
//	                │
//	                ▼  read once, forward, over all migrations
//	             Object      what facts are about, through all its names and schemas
//	                │
//	                ▼  events up to a statement
//	              Table      columns, constraints, indexes: folded, or as a server has it
//	                                         ▲
//	Observed ── Effect, Schema ──────────────┘   what a server showed, if one was asked: it wins
//
//	Run:  Pass { one Statement, and what surrounds it } ─▶ Rule.Check ─▶ Finding ─▶ severity, size, ignores
//
// A [Rule] is a value whose documentation is part of it. Its Check sees one
// [Statement] at a time through a [Pass], which answers from [facts.Fact],
// [Object] and [Table], and from the [Effect] that the statement had on a server.
// Without an Effect rules say "may". No rule knows of another.
//
// [SQL] is for a single text, [Run] for histories. The package does no I/O:
// files, git and PostgreSQL are the caller's, and reach the rules as values. Run
// is deterministic; what it keeps, it keeps in statements that it has parsed.
package lint
