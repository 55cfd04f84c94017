package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var unloggedTable = &lint.Rule{
	ID: "unlogged-table", Group: lint.GroupData, Severity: lint.Warning,
	On:      facts.Made | facts.Changed,
	Remains: true,
	Title:   "A table is empty after a crash",
	Why: "What is `UNLOGGED` is not in the write-ahead log: after a crash or an immediate shutdown the table is empty, on a replica it cannot be read, and a failover loses all of it. Backups made with `pg_basebackup` hold no rows of it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED",
	Fix: "Leave `UNLOGGED` out. For a cache, or a queue that can be filled again, say so: `-- migvet:ignore unlogged-table reason`.",
	Check: func(p *lint.Pass) {
		r := p.Node().GetCreateStmt().GetRelation()
		if into := madeByQuery(p.Node()); into != nil {
			r = into
		}
		if r.GetRelpersistence() == "u" {
			p.Reportf(r.Location, "unlogged table %s is empty after a crash and on every replica; leave UNLOGGED out unless its rows can be made again", tableName(r))
		}
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_SetUnLogged {
				p.Reportf(c.location, "%s is empty after a crash and on every replica from now on; leave it logged unless its rows can be made again", tableName(c.table))
			}
		}
	},
}
