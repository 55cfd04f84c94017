package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var concurrentlyInTransaction = &lint.Rule{
	ID: "concurrently-in-transaction", Group: lint.GroupTx, Severity: lint.Error,
	Title: "A statement that must not run in a transaction runs in one",
	Why: "`CREATE INDEX CONCURRENTLY`, `VACUUM`, `ALTER SYSTEM`, `CREATE DATABASE` and some others commit on their own account or work outside of transactions, and PostgreSQL refuses them inside one with SQLSTATE 25001. " +
		"The transaction need not be written in the file: most migration tools open one, and several statements sent in one message are one as well.\n\n" +
		"https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT",
	Fix: "Give the statement a migration of its own and tell the tool to run it without a transaction: `-- +goose NO TRANSACTION`, `-- migrate:up transaction:false` (dbmate), `-- no-transaction` (sqlx), `-- atlas:txmode none`, " +
		"`executeInTransaction=false` (Flyway). Drizzle has no such switch. Many projects write `COMMIT;--> statement-breakpoint` in front: it works, and everything behind it, in later files of that run too, is without a transaction, stays when something fails, and has to be able to run again. Or run it by hand before the deploy, and let the migration find it done (`IF NOT EXISTS`, without `CONCURRENTLY`).",
	Explains: []string{"25001"},
	Check: func(p *lint.Pass) {
		what := outsideOnly(p.Node())
		if what == "" || !p.InTransaction() || p.Tried() {
			return
		}
		p.Reportf(0, "%s cannot run in a transaction, and %s; %s", what, p.Transaction(), outsideTransaction(p))
	},
}

// outsideOnly names a statement that PostgreSQL refuses in a transaction; ""
// for all others. They are the callers of PreventInTransactionBlock.
func outsideOnly(n *pg.Node) string {
	switch n := n.GetNode().(type) {
	case *pg.Node_IndexStmt:
		return when(n.IndexStmt.Concurrent, "CREATE INDEX CONCURRENTLY")
	case *pg.Node_DropStmt:
		return when(n.DropStmt.Concurrent, "DROP INDEX CONCURRENTLY")
	case *pg.Node_ReindexStmt:
		return outsideReindex(n.ReindexStmt)
	case *pg.Node_AlterTableStmt:
		return when(detachesConcurrently(n.AlterTableStmt), "DETACH PARTITION CONCURRENTLY")
	case *pg.Node_VacuumStmt:
		return when(n.VacuumStmt.IsVacuumcmd, "VACUUM")
	case *pg.Node_ClusterStmt:
		return when(n.ClusterStmt.Relation == nil, "CLUSTER of all tables")
	case *pg.Node_DiscardStmt:
		return when(n.DiscardStmt.Target == pg.DiscardMode_DISCARD_ALL, "DISCARD ALL")
	case *pg.Node_CreateSubscriptionStmt:
		return when(createsSlot(n.CreateSubscriptionStmt), "CREATE SUBSCRIPTION with a replication slot")
	}
	return outsideCluster(n)
}

// outsideCluster names statements about the whole cluster.
func outsideCluster(n *pg.Node) string {
	switch n.GetNode().(type) {
	case *pg.Node_AlterSystemStmt:
		return "ALTER SYSTEM"
	case *pg.Node_CreatedbStmt:
		return "CREATE DATABASE"
	case *pg.Node_DropdbStmt:
		return "DROP DATABASE"
	case *pg.Node_CreateTableSpaceStmt:
		return "CREATE TABLESPACE"
	case *pg.Node_DropTableSpaceStmt:
		return "DROP TABLESPACE"
	}
	return ""
}

func when(condition bool, text string) string {
	if condition {
		return text
	}
	return ""
}

func outsideReindex(s *pg.ReindexStmt) string {
	if facts.HasOption(s.Params, "concurrently") {
		return "REINDEX CONCURRENTLY"
	}
	switch s.Kind {
	case pg.ReindexObjectType_REINDEX_OBJECT_SCHEMA:
		return "REINDEX SCHEMA"
	case pg.ReindexObjectType_REINDEX_OBJECT_DATABASE:
		return "REINDEX DATABASE"
	case pg.ReindexObjectType_REINDEX_OBJECT_SYSTEM:
		return "REINDEX SYSTEM"
	}
	return ""
}

func detachesConcurrently(s *pg.AlterTableStmt) bool {
	for _, n := range s.Cmds {
		cmd := n.GetAlterTableCmd()
		if cmd.GetSubtype() == pg.AlterTableType_AT_DetachPartition && cmd.GetDef().GetPartitionCmd().GetConcurrent() {
			return true
		}
	}
	return false
}

func createsSlot(s *pg.CreateSubscriptionStmt) bool {
	return !switchedOff(s.Options, "create_slot") && !switchedOff(s.Options, "connect")
}

func switchedOff(options []*pg.Node, name string) bool {
	for _, o := range options {
		if o.GetDefElem().GetDefname() == name {
			return !facts.HasOption(options, name)
		}
	}
	return false
}
