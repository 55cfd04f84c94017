package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tablesLockedTogether = &lint.Rule{
	ID: "tables-locked-together", Group: lint.GroupTx, Severity: lint.Notice,
	On:    facts.Locked | facts.Dropped,
	Title: "One transaction locks several tables that are in use",
	Why: "Each lock is held until the transaction ends, and each one is waited for while the others are held: the more tables, the longer the first of them is out of use. " +
		"Code that uses the same tables in another order can meet the migration in a deadlock, of which PostgreSQL ends one (`40P01`): the migration, or a user's request.\n\n" +
		"Told at the third table; the two tables of a foreign key are no case of it.\n\n" +
		"https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
	Fix: "Give each table a migration and so a transaction of its own, with a short `lock_timeout`, so that it gives up and can be repeated instead of making everybody wait:\n\n```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		before, own := p.Locked(), p.LocksMore(0)
		if len(own) == 0 || p.Migration.Tx == lint.TxNone && !p.InTransaction() || len(before) >= manyTables {
			return // or told at an earlier statement
		}
		if len(before) == 0 && locksForKeys(p) {
			return
		}
		if len(before)+len(own) < manyTables {
			return
		}
		var names []string
		for _, n := range slices.Concat(before, p.LocksMore(len(restOfTransaction(p))-1)) {
			names = append(names, tableName(n.Relation()))
		}
		p.Reportf(0, "this transaction locks %s one after the other and keeps them until it ends, which makes code wait and can deadlock with it; give each table a %s of its own", listed(names), laterUnit(p))
	},
}

// manyTables is the number of tables that are worth telling of: two are often
// a table and the one it references.
const manyTables = 3

// locksForKeys tells whether a statement names one table, and locks the others for the foreign
// keys that it drops: drop-locks-referenced tells of those.
func locksForKeys(p *lint.Pass) bool {
	return p.Node().GetAlterTableStmt() != nil || p.Node().GetDropStmt().GetRemoveType() == pg.ObjectType_OBJECT_TABLE && len(p.Node().GetDropStmt().GetObjects()) == 1
}
