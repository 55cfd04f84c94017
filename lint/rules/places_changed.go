package rules

import "github.com/migvet/migvet/lint"

// PlacesChanged is about a tool that is told to find migrations elsewhere.
var PlacesChanged = &lint.Rule{
	ID: "places-changed", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The tool is told to look for migrations elsewhere than on the base branch",
	Why: "A setting of the tool's own decides which files are migrations: `deploy_dir` and `plan_file` in `sqitch.conf`, `locations` of Flyway, `migrations_directory` in `diesel.toml`. " +
		"When it changes, the files in the old place run no more, and others run that nobody has looked at as migrations.",
	Fix: "Move the files and the setting in one change, and look at all that is in the new place. On branches that strangers can write, the settings of the base branch count and the run is not checked.",
}
