package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// outsideTransaction says how to run a statement outside of the transaction
// that is open, in words that fit behind a comma.
func outsideTransaction(p *lint.Pass) string {
	switch {
	case strings.Contains(p.Transaction(), "BEGIN"):
		return "move it behind COMMIT"
	case strings.Contains(p.Transaction(), "one message"):
		return "give it a migration of its own"
	}
	if way := leaveTransaction(p.History.Tool); way != "" {
		return way
	}
	return "run it in a migration without one"
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

func endsTransaction(s *lint.Statement) bool {
	kind := s.Node.GetTransactionStmt().GetKind()
	return kind == pg.TransactionStmtKind_TRANS_STMT_COMMIT || kind == pg.TransactionStmtKind_TRANS_STMT_ROLLBACK
}

// laterUnit names what has another transaction: with tools that run all
// pending migrations in one, another file is not enough.
func laterUnit(p *lint.Pass) string {
	if p.Migration.Tx == lint.TxAllPending {
		return "deploy"
	}
	return "migration"
}
