package rules

import (
	"github.com/migvet/migvet/lint"
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
		what := OnlyOutsideTransaction(p.Statement)
		if what == "" || !p.InTransaction() || p.Tried() || isRefusedAbove(p) {
			return
		}
		p.Reportf(0, "%s cannot run in a transaction, and %s; %s%s", what, p.Transaction(), outsideTransaction(p), ownHabit(p))
	},
}

// isRefusedAbove tells whether the transaction has been told of: nothing runs behind the first
// statement that it refuses.
func isRefusedAbove(p *lint.Pass) bool {
	return lint.Remember(p, func() behindRefused { return readBehindRefused(p) })[p.Statement]
}

// behindRefused are the statements under review that stand behind one that their transaction
// refuses.
type behindRefused map[*lint.Statement]bool

func readBehindRefused(p *lint.Pass) behindRefused {
	found := behindRefused{}
	for _, m := range p.History.New {
		found.read(m)
	}
	return found
}

func (found behindRefused) read(m *lint.Migration) {
	whole := m.Tx == lint.TxFile || m.Tx == lint.TxAllPending
	refused, own, inChunk := false, false, -1
	for _, s := range m.Statements() {
		if refused || inChunk == s.Chunk {
			found[s] = true
		}
		switch {
		case s.Node.GetTransactionStmt() != nil:
			refused, own, inChunk = false, !endsTransaction(s), -1
		case OnlyOutsideTransaction(s) != "":
			refused, inChunk = refused || whole || own, s.Chunk
		}
	}
}

// ownHabit is how a folder of which no tool is known, or in which another runner than the
// tool's has run, says that nothing opens the transaction that migvet takes for granted there;
// "" for others.
func ownHabit(p *lint.Pass) string {
	switch {
	case p.InOwnTransaction():
		return ""
	case p.History.Tool != "":
		return ofOwnRunner(p, hasOutsideOnly)
	case p.Migration.Tx != lint.TxFile:
		return ""
	}
	return ", or, if what runs this folder opens none (psql -f), say so " + saysNone(p)
}
