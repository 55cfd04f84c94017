package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var replicaIdentity = &lint.Rule{
	ID: "replica-identity", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Changed,
	Title: "What identifies a row for logical replication changes",
	Why: "`REPLICA IDENTITY NOTHING` makes `UPDATE` and `DELETE` fail (`55000`) as soon as a publication sends them, and is reported as a warning. " +
		"`FULL` writes the whole old row to the log for each of them, and a subscriber without a suitable index reads its whole table for each. The statement takes `ACCESS EXCLUSIVE` for a moment.\n\n" +
		"https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY",
	Fix: "Give the table a primary key, which is the default identity, or name a unique index over columns that are `NOT NULL`:\n\n```sql\nALTER TABLE orders REPLICA IDENTITY USING INDEX orders_number_key;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_ReplicaIdentity {
				reportIdentity(p, c)
			}
		}
	},
}

func reportIdentity(p *lint.Pass, c alterCommand) {
	switch c.GetDef().GetReplicaIdentityStmt().GetIdentityType() {
	case "n":
		f := p.Reportf(c.location, "without a replica identity, UPDATE and DELETE on %s fail once a publication sends them (55000); use a primary key or a unique index", tableName(c.table))
		f.Severity = lint.Warning
	case "f":
		p.Reportf(c.location, "with replica identity FULL, each UPDATE and DELETE on %s writes the whole old row to the log and searches the subscriber's table for it; use a primary key or a unique index", tableName(c.table))
	}
}
