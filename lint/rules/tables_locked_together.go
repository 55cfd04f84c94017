package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tablesLockedTogether = &lint.Rule{
	ID: "tables-locked-together", Group: lint.GroupTx, Severity: lint.Notice,
	On:    facts.Locked,
	Title: "One transaction locks several tables that are in use",
	Why: "Each lock is held until the transaction ends, and each one is waited for while the others are held: the more tables, the longer the first of them is out of use. " +
		"Code that uses the same tables in another order can meet the migration in a deadlock, of which PostgreSQL ends one (`40P01`): the migration, or a user's request.\n\n" +
		"Told at the third table; the two tables of a foreign key are no case of it.\n\n" +
		"https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
	Fix: "Give each table a migration and so a transaction of its own, with a short `lock_timeout`, so that it gives up and can be repeated instead of making everybody wait:\n\n```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		own := lockedInUse(p, p.Statement)
		if len(own) == 0 || p.Migration.Tx == lint.TxNone && !p.InTransaction() {
			return
		}
		before := p.Locked()
		if len(before) >= manyTables {
			return // told at an earlier statement
		}
		var names []string
		for _, n := range before {
			names = append(names, tableName(n.Relation()))
		}
		for _, r := range own {
			if name := tableName(r); !slices.ContainsFunc(before, facts.Named(facts.Table, r).Same) {
				names = append(names, name)
			}
		}
		if len(names) < manyTables {
			return
		}
		p.Reportf(0, "this transaction locks %s one after the other and keeps them until it ends, which makes code wait and can deadlock with it; give each table a %s of its own", listed(names), laterUnit(p))
	},
}

// manyTables is the number of tables that are worth telling of: two are often
// a table and the one it references.
const manyTables = 3
