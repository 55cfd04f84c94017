package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var cascadeUpdate = &lint.Rule{
	ID: "cascade-update", Group: lint.GroupCascade, Severity: lint.Off,
	On:    facts.Made,
	Title: "Changing a key changes rows of other tables",
	Why: "`ON UPDATE CASCADE` writes every referencing row again, in the same transaction and under row locks, whenever the referenced key changes. " +
		"Keys that a sequence or `gen_random_uuid()` makes never change, and some tools (Prisma) write `ON UPDATE CASCADE` for every relation; so this rule is off unless a configuration switches it on.",
	Fix: "Reference a key that never changes, and keep what people may rename (codes, names) in an ordinary column.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			if k.onUpdate == lint.CascadeTo {
				p.Reportf(k.location, "changing the key of a row of %s also writes its rows in %s again; reference a key that never changes", tableName(k.ref), tableName(k.table))
			}
		}
	},
}
