package lint

import (
	"cmp"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// txState follows which transaction the statements under review run in: the
// tool's, the file's own BEGIN, or the implicit one of several statements in
// one message.
type txState struct {
	tool string
	open string // what holds it open, in words; "" for none

	// commands are the statements of the open transaction so far. What only
	// reads or writes rows is left out: it changes nothing that outlives it, and
	// there can be very many; those beyond [reach] are left out too.
	commands []*Statement

	implicit bool // ends with the message
	ended    bool // a COMMIT ended the tool's transaction for all pending migrations
	chunk    int
}

// enter starts a migration.
func (t *txState) enter(m *Migration) {
	t.chunk = -1
	if m.Tx != TxAllPending {
		t.commands = nil
	}
	switch {
	case m.Tx == TxAllPending && !t.ended:
		t.open = cmp.Or(t.tool, "the migration tool") + " runs all pending migrations in one transaction"
	case m.Tx == TxFile && t.tool == "":
		t.open = "each migration runs in a transaction"
	case m.Tx == TxFile:
		t.open = t.tool + " runs each migration in a transaction"
	case m.Tx == TxNone, m.Tx == TxAfterFirst:
		t.open = ""
	}
}

// before updates the state for the message that holds s.
func (t *txState) before(m *Migration, s *Statement) {
	if s.Chunk == t.chunk {
		return
	}
	t.chunk = s.Chunk
	if t.implicit {
		t.open, t.implicit, t.commands = "", false, nil
	}
	if m.Tx == TxAfterFirst && s.Chunk == 1 {
		t.open = t.tool + " runs what follows the first statement in a transaction"
	}
	if t.open == "" && len(m.Sent(s.Chunk)) > 1 {
		t.open, t.implicit = "several statements in one message are one transaction", true
	}
}

// after updates the state for statements that begin or end transactions.
func (t *txState) after(s *Statement) {
	stmt := s.Node.GetTransactionStmt()
	if stmt == nil {
		if t.open != "" && !onlyRows(s) && len(t.commands) < reach {
			t.commands = append(t.commands, s)
		}
		return
	}
	t.commands = nil
	switch stmt.Kind {
	case pg.TransactionStmtKind_TRANS_STMT_BEGIN, pg.TransactionStmtKind_TRANS_STMT_START:
		if t.open == "" || t.implicit {
			t.open, t.implicit = "the file opened a transaction with BEGIN", false
		}
	case pg.TransactionStmtKind_TRANS_STMT_COMMIT, pg.TransactionStmtKind_TRANS_STMT_ROLLBACK, pg.TransactionStmtKind_TRANS_STMT_PREPARE:
		t.end(stmt.Chain)
	}
}

// end closes the transaction. What is left of a message of several statements
// is an implicit transaction again, which before finds out.
func (t *txState) end(chain bool) {
	t.open, t.implicit, t.ended, t.chunk = "", false, true, -1
	if chain {
		t.open = "AND CHAIN opened a transaction"
	}
}

func onlyRows(s *Statement) bool {
	switch s.Node.GetNode().(type) {
	case *pg.Node_InsertStmt, *pg.Node_SelectStmt, *pg.Node_CopyStmt:
		return true
	}
	return false
}
