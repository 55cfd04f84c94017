package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyLocksReferenced = &lint.Rule{
	ID: "foreign-key-locks-referenced", Group: lint.GroupLock, Severity: lint.Off,
	On:    facts.Made,
	Title: "A new table's foreign key makes writers of the referenced table wait",
	Why: "A foreign key takes `SHARE ROW EXCLUSIVE` on the table it references, also when the table that has it is new and empty: the statement waits for transactions that write there, and new writes wait behind it, until the transaction ends. It takes a moment, unless something slow follows in the transaction.\n\n" +
		"Opt-in: nearly every new table does it.\n\n" +
		"https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
	Fix: "Set a short `lock_timeout`, and do nothing slow in the same transaction.",
	Check: func(p *lint.Pass) {
		var told []string
		for _, k := range foreignKeys(p, p.Statement) {
			ref := tableName(k.ref)
			if !isNewHere(p, k.table) || isNewHere(p, k.ref) || slices.Contains(told, ref) || p.Tried() && !p.Effect().LockOn(catalogName(p, k.ref)).BlocksWrites() {
				continue
			}
			told = append(told, ref)
			f := p.Reportf(k.location, "the foreign key of %s makes writes to %s wait until the transaction ends; set a lock_timeout", tableName(k.table), ref)
			p.Measured(f, "%s", p.Effect())
		}
	},
}
