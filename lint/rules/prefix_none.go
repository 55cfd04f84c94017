package rules

import "github.com/migvet/migvet/lint"

// PrefixNone is about Drizzle's migrations without numbers.
var PrefixNone = &lint.Rule{
	ID: "prefix-none", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "Drizzle migrations without a prefix are generated from nothing each time",
	Why:   "With `migrations: { prefix: 'none' }` drizzle-kit 0.x writes `meta/_snapshot.json`, and overwrites it with every migration; when it looks for the newest snapshot, it passes over names that begin with an underscore. So every `generate` takes the database for empty and writes the whole schema again, which fails on the first table that exists.",
	Fix:   "Remove `prefix` from drizzle.config (or choose `index` or `timestamp`), and generate the migration again.",
}
