package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

// outsideTransaction says how to run a statement outside of the transaction
// that is open, in words that fit behind a comma.
func outsideTransaction(p *lint.Pass) string {
	switch {
	case p.InOwnTransaction() && len(p.Migration.Sent(p.Statement.Chunk)) > 1:
		return "give it a migration of its own, without BEGIN" // one message is one transaction, behind COMMIT as well
	case p.InOwnTransaction():
		return "move it behind COMMIT"
	case p.InImplicitTransaction() || p.History.Tool == "Supabase": // whose pipeline takes it as its first statement
		return "give it a migration of its own"
	}
	if way := leaveTransaction(p.History.Tool); way != "" {
		return ofItsOwn(p) + way
	}
	return "run it in a migration without one"
}

// ofItsOwn says that a statement needs a migration of its own first, where the tool sends it
// in one message with others: they are a transaction whatever the file says. sqlx and Diesel
// send a file that way.
func ofItsOwn(p *lint.Pass) string {
	return onlyIf(len(p.Migration.Sent(p.Statement.Chunk)) > 1, "give it a migration of its own, and there ")
}

// leaveTransaction says how a tool is told to run a migration without a
// transaction, "" when that is not known.
func leaveTransaction(tool string) string {
	switch name, _, _ := strings.Cut(tool, " "); strings.ToLower(name) {
	case "drizzle":
		return "put COMMIT; and a statement breakpoint in front, and nothing behind them is in a transaction any more; or run it by hand before the deploy and write IF [NOT] EXISTS into the migration"
	case "goose":
		return "put -- +goose NO TRANSACTION at the top of the file"
	case "dbmate":
		return "write -- migrate:up transaction:false"
	case "sqlx":
		return "begin the file with -- no-transaction"
	case "sql-migrate":
		return "write -- +migrate Up notransaction"
	case "flyway":
		return "set executeInTransaction=false in the migration's .conf file"
	case "atlas":
		return "put -- atlas:txmode none at the top of the file"
	case "liquibase":
		return "write runInTransaction:false behind the changeset's name"
	case "tern":
		return "write ---- tern: disable-tx ---- in the file"
	case "diesel":
		return "set run_in_transaction = false in the migration's metadata.toml"
	case "refinery":
		return "write -- refinery:noTransaction in the file"
	case "postgres-migrations":
		return "write -- postgres-migrations disable-transaction in the file"
	case "graphile-migrate":
		return "begin the migration with --! no-transaction"
	case "hasura":
		return "begin the file with -- hasura:no-transaction"
	case "node-pg-migrate":
		return "run it with --no-single-transaction, or call pgm.noTransaction()"
	}
	return ""
}

// endsTransaction tells whether a statement is COMMIT or ROLLBACK.
func endsTransaction(s *lint.Statement) bool {
	kind := s.Node.GetTransactionStmt().GetKind()
	return kind == pg.TransactionStmtKind_TRANS_STMT_COMMIT || kind == pg.TransactionStmtKind_TRANS_STMT_ROLLBACK
}

// restOfTransaction returns the statements of the migration that follow in the
// transaction of the statement, and itself.
func restOfTransaction(p *lint.Pass) map[*lint.Statement]bool {
	rest := map[*lint.Statement]bool{p.Statement: true}
	for _, s := range p.Below() {
		if endsTransaction(s) || p.InImplicitTransaction() && s.Chunk != p.Statement.Chunk {
			break
		}
		rest[s] = true
	}
	return rest
}

// laterUnit names what has another transaction: with tools that run all
// pending migrations in one, another file is not enough.
func laterUnit(p *lint.Pass) string {
	if p.Migration.Tx == lint.TxAllPending {
		return "deploy"
	}
	return "migration"
}

// OnlyOutsideTransaction names a statement that PostgreSQL refuses in a transaction; "" for
// all others. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
// They are the callers of PreventInTransactionBlock.
func OnlyOutsideTransaction(s *lint.Statement) string {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_IndexStmt:
		return onlyIf(n.IndexStmt.Concurrent, "CREATE INDEX CONCURRENTLY")
	case *pg.Node_DropStmt:
		return onlyIf(n.DropStmt.Concurrent, "DROP INDEX CONCURRENTLY")
	case *pg.Node_ReindexStmt:
		return outsideReindex(n.ReindexStmt)
	case *pg.Node_AlterTableStmt:
		return onlyIf(detachesConcurrently(n.AlterTableStmt), "DETACH PARTITION CONCURRENTLY")
	case *pg.Node_VacuumStmt:
		if s.HasNewer(newer.Repack) {
			return outsideRepack(n.VacuumStmt)
		}
		return onlyIf(n.VacuumStmt.IsVacuumcmd, "VACUUM")
	case *pg.Node_ClusterStmt:
		return onlyIf(n.ClusterStmt.Relation == nil, "CLUSTER of all tables")
	case *pg.Node_DiscardStmt:
		return onlyIf(n.DiscardStmt.Target == pg.DiscardMode_DISCARD_ALL, "DISCARD ALL")
	case *pg.Node_CreateSubscriptionStmt:
		return onlyIf(createsSlot(n.CreateSubscriptionStmt), "CREATE SUBSCRIPTION with a replication slot")
	}
	return outsideCluster(s.Node)
}

// outsideRepack is about REPACK, which of one table that is not partitioned runs in a
// transaction as long as it is not CONCURRENTLY.
// https://www.postgresql.org/docs/19/sql-repack.html
func outsideRepack(s *pg.VacuumStmt) string {
	if facts.HasOption(s.Options, "concurrently") {
		return "REPACK (CONCURRENTLY)"
	}
	return onlyIf(len(s.Rels) == 0, "REPACK of all tables")
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

// switchedOff tells whether an option is there and says off.
func switchedOff(options []*pg.Node, name string) bool {
	_, said := facts.Option(options, name)
	return said && !facts.HasOption(options, name)
}
