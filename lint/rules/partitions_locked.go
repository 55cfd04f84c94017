package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var partitionsLocked = &lint.Rule{
	ID: "partitions-locked", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Locked,
	Title: "ALTER TABLE of a partitioned table locks all its partitions",
	Why: "What changes the parent changes every partition, in one statement and under the parent's lock. It waits for the longest query on any of them, everybody else waits behind it, on all of them, and each partition takes an entry of the lock table: with thousands it ends in `out of shared memory`, `You might need to increase max_locks_per_transaction` (`53200`).\n\n" +
		"Not reported where it also reads or rewrites the partitions, of which other rules tell.\n\n" +
		"https://www.postgresql.org/docs/current/runtime-config-locks.html",
	Fix: "Set a short `lock_timeout` and try again until it succeeds. With very many partitions, raise `max_locks_per_transaction` before, which needs a restart.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if !c.table.GetInh() || facts.LocksWeakly(c.AlterTableCmd) || c.GetDef().GetPartitionCmd() != nil || p.IsNew(c.table) || !isPartitioned(p, c.table) {
				continue
			}
			if p.Tried() && locksPartitions(p, c.table) || !p.Tried() && !readsRows(c.AlterTableCmd) {
				f := p.Reportf(c.location, "%s and all its partitions are locked at once, and each waits for the queries on it; SET lock_timeout, and try again until it succeeds", tableName(c.table))
				p.Measured(f, "%s", p.Effect())
			}
			return
		}
	},
}

// readsRows knows the actions that read or rewrite the partitions, of which
// other rules tell without a server.
func readsRows(c *pg.AlterTableCmd) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddConstraint, pg.AlterTableType_AT_SetNotNull, pg.AlterTableType_AT_AlterColumnType:
		return true
	}
	return false
}

// locksPartitions tells whether a statement locked partitions as it locked
// their parent, and did no other work with them.
func locksPartitions(p *lint.Pass, parent *pg.RangeVar) bool {
	e := p.Effect()
	name := catalogName(p, parent)
	mode := e.LockOn(name)
	return mode.BlocksWrites() && len(e.Scanned) == 0 && len(e.Rewritten) == 0 && slices.ContainsFunc(e.Locks, func(l lint.Lock) bool {
		return !l.Index && l.Object != name && l.Mode == mode && !slices.ContainsFunc(foreignKeys(p, p.Statement), func(k foreignKey) bool { return catalogName(p, k.ref) == l.Object })
	})
}
