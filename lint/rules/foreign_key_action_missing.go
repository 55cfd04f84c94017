package rules

import (
	"regexp"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyActionMissing = &lint.Rule{
	ID: "foreign-key-action-missing", Group: lint.GroupCascade, Severity: lint.Off,
	On:    facts.Made,
	Title: "A foreign key does not say what a DELETE does",
	Why: "Without `ON DELETE` it is `NO ACTION`: deleting a row that is referenced fails (`23503`). That is often right, and as often nobody thought of it until the first user could not be deleted.\n\n" +
		"Opt-in: for a team that wants each key to say it.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
	Fix: "Write what is meant: `ON DELETE RESTRICT`, `CASCADE` or `SET NULL`.",
	Check: func(p *lint.Pass) {
		if p.Node() == nil {
			return
		}
		keys := foreignKeys(p, p.Statement)
		for i, k := range keys {
			end := len(p.Statement.SQL)
			if i+1 < len(keys) {
				end = int(keys[i+1].location)
			}
			if start := int(k.location); k.onDelete == lint.NoAction && start < end && !onDelete.MatchString(p.Statement.SQL[start:end]) {
				p.Reportf(k.location, "deleting a row of %s that %s references fails, which the key does not say; write ON DELETE RESTRICT, CASCADE or SET NULL", tableName(k.ref), tableName(k.table))
			}
		}
	},
}

var onDelete = regexp.MustCompile(`(?i)\bon\s+delete\b`)
