package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyPartitionedNotValid = &lint.Rule{
	ID: "foreign-key-partitioned-not-valid", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Made,
	Title: "A foreign key of a partitioned table is NOT VALID",
	Why: "PostgreSQL 14 to 17 refuse it: `cannot add NOT VALID foreign key on partitioned table` (`42809`). PostgreSQL 18 takes it. On a server that takes it nothing is reported.\n\n" +
		"https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
	Fix: "Add the key `NOT VALID` to each partition and validate it there; then add it to the partitioned table, which finds the partitions' keys and reads nothing.",
	Check: func(p *lint.Pass) {
		if p.Effect() != nil {
			return // the server's word is all there is to say
		}
		for _, k := range alteredKeys(alterCommands(p.Statement)) {
			if k.notValid && isPartitioned(p, k.table) {
				p.Reportf(k.location, "PostgreSQL before 18 refuses a NOT VALID foreign key of a partitioned table, which %s is; add it to each partition first", tableName(k.table))
			}
		}
	},
}
