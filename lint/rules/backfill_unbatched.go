package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var backfillUnbatched = &lint.Rule{
	ID: "backfill-unbatched", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Querying,
	Title: "A column is filled for the whole table in one statement",
	Why: "Every row it writes stays locked until the transaction ends, so that code which changes one of them waits; the old versions of all rows stay on the disk until vacuum has been there; replicas and vacuum wait for one long transaction. With a few thousand rows nobody notices, with millions it is an outage.\n\n" +
		"A fill while the table is locked by the same transaction is `lock-held-during-work`, and one that overwrites values `update-without-where`.\n\n" +
		"https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY",
	Fix: "Fill it in batches that commit on their own, from a script or a job, and repeat until no row is left:\n\n" +
		"```sql\nUPDATE orders SET state = 'open'\nWHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 10000);\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		for _, c := range rowChanges(p) {
			if c.isDelete || updatesAllRows(p, c) || !c.fills(p) || c.bounded(p) || picksOne(c.where) || p.LastLocked() != "" {
				continue
			}
			p.Reportf(c.table.Location, "filling %s in one statement keeps all its rows locked until the transaction ends; do it in batches that commit on their own", columnsOf(tableName(c.table), c.columns))
		}
	},
}

// fills tells whether an UPDATE gives a value to columns that had none: they
// are new, or the condition asks for NULL.
func (c rowChange) fills(p *lint.Pass) bool {
	if c.fillsNewColumns(p) {
		return true
	}
	found := false
	facts.Walk(c.where, func(n *pg.Node) bool {
		test := n.GetNullTest()
		if test.GetNulltesttype() == pg.NullTestType_IS_NULL {
			found = found || slices.Contains(c.columns, facts.LastWord(test.GetArg().GetColumnRef().GetFields()))
		}
		return !found
	})
	return found
}
