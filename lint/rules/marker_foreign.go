package rules

import "github.com/migvet/migvet/lint"

// MarkerForeign is about marks of one tool in the folder of another.
var MarkerForeign = &lint.Rule{
	ID: "marker-foreign", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "What stands behind another tool's marker for going back runs forwards here",
	Why: "goose, dbmate, sql-migrate, tern and node-pg-migrate keep both ways in one file and part them by a comment: `-- +goose Down`, `-- migrate:down`. " +
		"To every other tool that is a comment like any other, and the whole file runs: first what the migration makes, then what takes it back.",
	Fix: "Remove what is behind the marker; write a down as the folder's own tool wants it. If the folder is of the marker's tool, name the tool in `.migvet.yml`.",
}
