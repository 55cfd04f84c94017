package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

var tablesLockedTogether = &lint.Rule{
	ID: "tables-locked-together", Group: lint.GroupTx, Severity: lint.Notice,
	Title: "One transaction locks several tables that are in use",
	Why: "Each lock is held until the transaction ends, and each one is waited for while the others are held: the more tables, the longer the first of them is out of use. " +
		"Code that uses the same tables in another order can meet the migration in a deadlock, of which PostgreSQL ends one (`40P01`): the migration, or a user's request.\n\n" +
		"Told at the third table; the two tables of a foreign key are no case of it.\n\n" +
		"https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
	Fix: "Give each table a migration and so a transaction of its own, with a short `lock_timeout`, so that it gives up and can be repeated instead of making everybody wait:\n\n```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		own := oldLocked(p, p.Statement)
		if len(own) == 0 || p.Migration.Tx == lint.TxNone && !p.InTransaction() {
			return
		}
		var before []*pg.RangeVar
		for _, s := range slices.Backward(inSameTransaction(p)) {
			if before = addTables(before, oldLocked(p, s)); len(before) >= manyTables {
				return // told at an earlier statement
			}
		}
		all := addTables(before, own)
		if len(all) < manyTables {
			return
		}
		var names []string
		for _, r := range all {
			names = append(names, tableName(r))
		}
		p.Reportf(0, "this transaction locks %s one after the other and keeps them until it ends, which makes code wait and can deadlock with it; give each table a %s of its own", listed(names), laterUnit(p))
	},
}

// manyTables is the number of tables that are worth telling of: two are often
// a table and the one it references.
const manyTables = 3

// addTables appends the tables that are not there yet, without changing the
// list it is given.
func addTables(to, tables []*pg.RangeVar) []*pg.RangeVar {
	all := slices.Clone(to)
	for _, t := range tables {
		if !slices.ContainsFunc(all, func(r *pg.RangeVar) bool { return sameRelation(r, t) }) {
			all = append(all, t)
		}
	}
	return all
}
