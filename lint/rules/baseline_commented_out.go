package rules

import "github.com/migvet/migvet/lint"

var baselineCommentedOut = &lint.Rule{
	ID: "baseline-commented-out", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "The baseline of drizzle-kit pull is still a comment",
	Why: "`drizzle-kit pull` (0.x) puts the schema of an existing database into a first migration, inside of `/* … */` and with statement breakpoints in it. Drizzle splits at those before PostgreSQL sees the comment, so the migration fails on every database: `unterminated /* comment` (42601). " +
		"A database made from nothing needs the statements anyway.\n\nMeasured with drizzle-kit 0.31.11.",
	Fix:      "Remove `/*` and `*/`. Where the schema exists already, note the migration as done: insert its hash and its `when` into `drizzle.__drizzle_migrations`.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		if c, told, found := cutShort(p); found && !told && c.isPulledBaseline(p.Migration.Source) {
			p.Reportf(0, "drizzle-kit pull left the baseline in a comment with statement breakpoints in it, so Drizzle sends an unterminated comment and fails; remove /* and */")
		}
	},
}
