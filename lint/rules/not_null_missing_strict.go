package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var notNullMissingStrict = &lint.Rule{
	ID: "not-null-missing-strict", Group: lint.GroupNotNull, Severity: lint.Off,
	On:    facts.Made,
	Title: "A new column allows NULL without saying so",
	Why: "For teams where every column is `NOT NULL` unless somebody has a reason: each new column that allows NULL is reported, except those of not-null-missing, which have a better reason. " +
		"An explicit `NULL` behind the type is such a reason.",
	Fix: "Say `NOT NULL`, or `NULL` if a missing value means something:\n\n```sql\nCREATE TABLE tasks (id bigint PRIMARY KEY, title text NOT NULL, due date NULL);\n```",
	Check: func(p *lint.Pass) {
		for _, c := range nullableColumns(p) {
			if nullableReason(p, c) == "" {
				p.Reportf(c.location, "%s allows NULL and does not say so; add NOT NULL, or NULL if a missing value means something", c)
			}
		}
	},
}
