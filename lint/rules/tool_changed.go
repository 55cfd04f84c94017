package rules

import "github.com/migvet/migvet/lint"

// ToolChanged is about folders that a branch makes look like those of another tool.
var ToolChanged = &lint.Rule{
	ID: "tool-changed", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The folder looks like that of another migration tool than on the base branch",
	Why: "migvet knows a tool by its files: a comment such as `-- +goose Up`, a lock file, a plan. One of them, added to the folder of another tool, changes nothing about what is deployed, " +
		"but it would change what migvet reads: for goose, nothing behind `-- +goose Down` runs, and for Supabase all of it does. So the folder is read as on the base branch, and the run counts as not checked.",
	Fix: "Name the tool: `migrations: [{dir: …, tool: …}]` in `.migvet.yml`, the new one if the project changes its tool, the old one if not. For branches that strangers can write, that of the base branch counts.",
}
