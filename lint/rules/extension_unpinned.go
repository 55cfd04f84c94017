package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var extensionUnpinned = &lint.Rule{
	ID: "extension-unpinned", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed,
	Title: "An extension is installed or updated without a version",
	Why: "`CREATE EXTENSION` and `ALTER EXTENSION … UPDATE` take the default version of the server they run on. Databases that ran the migration at other times, or with another provider, have other functions and types.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createextension.html",
	Fix: "```sql\nCREATE EXTENSION IF NOT EXISTS vector VERSION '0.8.0';\n```\n\nEvery server has to offer that version.",
	Check: func(p *lint.Pass) {
		if s := p.Node().GetCreateExtensionStmt(); s != nil && !facts.HasOption(s.Options, "new_version") {
			p.Reportf(0, "extension %s gets the version that each server has; add VERSION", s.Extname)
		}
		if s := p.Node().GetAlterExtensionStmt(); s != nil && !facts.HasOption(s.Options, "new_version") {
			p.Reportf(0, "extension %s is updated to the version that each server has; add TO and the version", s.Extname)
		}
	},
}
