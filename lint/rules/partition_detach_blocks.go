package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var partitionDetachBlocks = &lint.Rule{
	ID: "partition-detach-blocks", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Detached,
	Title: "A partition is detached while the partitioned table is locked",
	Why: "`DETACH PARTITION` takes `ACCESS EXCLUSIVE` on the partitioned table, the partition and the default partition: it waits for every query on any of them, and everybody else waits behind it. " +
		"With `CONCURRENTLY` reads and writes go on, but it cannot run in a transaction, nor while there is a default partition.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION",
	Fix: "Outside of any transaction:\n\n```sql\nALTER TABLE events DETACH PARTITION events_2019 CONCURRENTLY;\n```\n\nWhere that is not possible, set a short `lock_timeout` and try again.",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			cmd := c.GetDef().GetPartitionCmd()
			if c.Subtype != pg.AlterTableType_AT_DetachPartition || cmd.GetConcurrent() || p.IsNew(c.table) || p.IsNew(cmd.GetName()) {
				continue
			}
			way := "use CONCURRENTLY, which needs no default partition"
			if p.InTransaction() {
				way += "; here " + p.Transaction() + ": " + outsideTransaction(p)
			}
			f := p.Reportf(c.location, "detaching %s waits for every query on %s, and all others wait behind it; %s", tableName(cmd.GetName()), tableName(c.table), way)
			p.Measured(f, "%s", p.Effect())
			if !p.InTransaction() {
				offerAtEnd(p, f, " CONCURRENTLY")
			}
		}
	},
}
