package rules

import "github.com/migvet/migvet/lint"

// FailsOnRows is reported by the trial.
var FailsOnRows = &lint.Rule{
	ID: "fails-on-rows", Group: lint.GroupTrial, Severity: lint.Error, Measured: true,
	Title: "A migration passes on empty tables and fails on any table that has rows",
	Why: `The same statement was run twice: on empty tables, where it passed, and on tables with a few rows that have every column filled and
no value twice, where the server refused it. Databases in tests and CI are often empty; production is not.`,
	Fix: "Make the statement true for the rows that exist: add the column nullable or with a default, fill it, and tighten it in a later migration.",
}
