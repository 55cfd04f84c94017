package rules

import "github.com/migvet/migvet/lint"

// HistoryTableChanged is about a tool that is told of another history table.
var HistoryTableChanged = &lint.Rule{
	ID: "history-table-changed", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The tool notes what has run in another table than on the base branch",
	Why: "Migration tools run what their history table does not list. When the project's configuration names another table, or another schema for it, that table is empty: " +
		"every migration runs again on databases that have them all. The first `CREATE TABLE` fails at best; with `IF NOT EXISTS`, and where migrations write data, they run to the end.",
	Fix: "Rename the table in every database (`ALTER TABLE … RENAME TO`, `SET SCHEMA`) as a part of the same deploy, before the tool runs.",
}
