package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var transactionControl = &lint.Rule{
	ID: "transaction-control", Group: lint.GroupTx, Severity: lint.Warning,
	On:    facts.Controls,
	Title: "A migration ends or leaves open a transaction that is not its own",
	Why: "When the tool runs the file in a transaction, a `BEGIN` in it does nothing (a warning) and a `COMMIT` ends the tool's transaction: what follows, with some tools in the files after it as well, runs without one, and a failure leaves half of it behind. " +
		"A `ROLLBACK` undoes everything before it while the tool still notes the migration as done. " +
		"When the tool opens none, a `BEGIN` without `COMMIT` is rolled back when the connection closes.\n\n" +
		"`COMMIT` in front of a `CONCURRENTLY` is a known way out of a tool that has no other, and only a notice; so is one at the end of the file, with nothing behind it, which is told once in a review, and not where files of the base branch end so.",
	Fix: "Leave transactions to the tool, or switch its transaction off for the file (`-- +goose NO TRANSACTION`, `-- atlas:txmode none`, …) and write both `BEGIN` and `COMMIT`.",
	Check: func(p *lint.Pass) {
		switch p.Node().GetTransactionStmt().GetKind() {
		case pg.TransactionStmtKind_TRANS_STMT_BEGIN, pg.TransactionStmtKind_TRANS_STMT_START:
			checkBegin(p)
		case pg.TransactionStmtKind_TRANS_STMT_COMMIT:
			checkCommit(p)
		case pg.TransactionStmtKind_TRANS_STMT_ROLLBACK:
			checkRollback(p)
		}
	},
}

// toolsTransaction tells whether the transaction that is open is the tool's.
func toolsTransaction(p *lint.Pass) bool {
	return p.InTransaction() && p.Migration.Tx != lint.TxNone && !p.InOwnTransaction()
}

func checkBegin(p *lint.Pass) {
	if p.InOwnTransaction() {
		f := p.Reportf(0, "BEGIN does nothing here, as %s; remove it", p.Transaction())
		f.Severity = lint.Notice
		return
	}
	if slices.ContainsFunc(restOfFile(p), endsTransaction) {
		return
	}
	if toolsTransaction(p) {
		f := p.Reportf(0, "BEGIN does nothing here, as %s; remove it", p.Transaction())
		f.Severity = lint.Notice
		return
	}
	if p.Migration.Tx != lint.TxNone {
		return // a COMMIT above ended the tool's; the tool ends this one in its place
	}
	f := p.Reportf(0, "this transaction is never committed, so all that follows is rolled back when the connection closes; end the file with COMMIT")
	f.Severity = lint.Error
}

func checkCommit(p *lint.Pass) {
	if !toolsTransaction(p) {
		return
	}
	const ends = "COMMIT ends the tool's transaction (%s), so "
	switch rest := restOfFile(p); {
	case len(rest) == 0 && p.Migration.Tx == lint.TxFile:
		first, others := firstThatCommits(p)
		if first != p.Migration || commitsByHabit(p) {
			return
		}
		f := p.Reportf(0, ends+"it notes the migration as done in another one; leave BEGIN and COMMIT out%s", p.Transaction(), others)
		f.Severity = lint.Notice
	case slices.ContainsFunc(rest, func(s *lint.Statement) bool { return OnlyOutsideTransaction(s) != "" }):
		f := p.Reportf(0, ends+"what follows%s runs without one and stays when something fails", p.Transaction(), laterFiles(p))
		f.Severity = lint.Notice
	default:
		p.Reportf(0, ends+"what follows%s runs without one and stays when something fails; remove it, or switch the tool's transaction off for this file", p.Transaction(), laterFiles(p))
	}
}

// committing are the migrations of a review that end with COMMIT.
type committing []*lint.Migration

// firstThatCommits is the one that is told for all, and how many others there are, in words.
func firstThatCommits(p *lint.Pass) (first *lint.Migration, others string) {
	all := lint.Remember(p, func() committing {
		return slices.DeleteFunc(slices.Clone(p.History.New), func(m *lint.Migration) bool {
			s := m.Statements()
			return len(s) == 0 || s[len(s)-1].Node.GetTransactionStmt().GetKind() != pg.TransactionStmtKind_TRANS_STMT_COMMIT
		})
	})
	if n := len(all) - 1; n > 0 {
		others = " (here and in " + noun.Count(n, "more file") + " of this review)"
	}
	return all[0], others
}

var commitsLast = lazyregexp.New(`(?i)\bcommit(?:\s+(?:work|transaction))?\s*;\s*\z`)

// commitsByHabit tells whether the base branch has files that end with COMMIT as well: a
// crash between two commits has left none of them behind half done.
func commitsByHabit(p *lint.Pass) bool {
	type habit bool
	return bool(lint.Remember(p, func() habit {
		return habit(slices.ContainsFunc(p.History.Base, func(m *lint.Migration) bool { return commitsLast.MatchString(m.Source) }))
	}))
}

func laterFiles(p *lint.Pass) string {
	return onlyIf(p.Migration.Tx == lint.TxAllPending, ", in later files too,")
}

func checkRollback(p *lint.Pass) {
	if !toolsTransaction(p) {
		return
	}
	f := p.Reportf(0, "ROLLBACK undoes what the tool's transaction did before it (%s), but the tool still notes it as done; remove it", p.Transaction())
	f.Severity = lint.Error
}

func restOfFile(p *lint.Pass) []*lint.Statement {
	return p.Below()
}
