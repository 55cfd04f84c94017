package lint

import (
	"cmp"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// txState follows which transaction the statements under review run in: the
// tool's, the file's own BEGIN, or the implicit one of several statements in
// one message.
type txState struct {
	tool string
	open string // what holds it open, in words; "" for none

	began  int32        // place of its first statement
	locked lockedTables // see Pass.Locked
	held   []heldTable  // see Pass.Held

	shared   bool // it is the tool's, for all pending migrations
	implicit bool // it ends with the message
	ended    bool // a COMMIT ended the tool's transaction
	chunk    int
}

// enter starts a migration. A transaction for all pending migrations goes on.
func (t *txState) enter(m *Migration, place int32) {
	t.chunk = -1
	if m.Tx == TxAllPending && (t.shared || t.ended) {
		return
	}
	t.ended = false
	switch m.Tx {
	case TxAllPending:
		t.start(cmp.Or(t.tool, "the migration tool")+" runs all pending migrations in one transaction", place)
		t.shared = true
	case TxFile:
		why := "each migration runs in a transaction"
		if t.tool != "" {
			why = t.tool + " runs each migration in a transaction"
		}
		t.start(why, place)
	case TxNone, TxAfterFirst:
		t.start("", place)
	}
}

// before updates the state for the message that holds s.
func (t *txState) before(m *Migration, s *Statement, place int32) {
	if s.Chunk == t.chunk {
		return
	}
	t.chunk = s.Chunk
	if t.implicit {
		t.start("", place)
	}
	if m.Tx == TxAfterFirst && s.Chunk == 1 && !t.ended {
		t.start(t.tool+" runs what follows the first statement in a transaction", place)
	}
	if t.open == "" && len(m.Sent(s.Chunk)) > 1 {
		t.start("several statements in one message are one transaction", place)
		t.implicit = true
	}
}

// start opens a transaction, and forgets what the one before held; why is "" for
// none.
func (t *txState) start(why string, place int32) {
	*t = txState{tool: t.tool, ended: t.ended, chunk: t.chunk, open: why, began: place}
}

// beganByFile is why there is a transaction where the file says BEGIN.
const beganByFile = "the file opened a transaction with BEGIN"

// after updates the state for statements that begin or end transactions. BEGIN in
// a transaction only warns; in a message of several statements it makes theirs the
// file's own.
func (t *txState) after(s *Statement, place int32) {
	stmt := s.Node.GetTransactionStmt()
	if stmt == nil {
		return
	}
	switch stmt.Kind {
	case pg.TransactionStmtKind_TRANS_STMT_BEGIN, pg.TransactionStmtKind_TRANS_STMT_START:
		switch {
		case t.open == "":
			t.start(beganByFile, place+1)
		case t.implicit:
			t.open, t.implicit = beganByFile, false
		}
	case pg.TransactionStmtKind_TRANS_STMT_COMMIT, pg.TransactionStmtKind_TRANS_STMT_ROLLBACK, pg.TransactionStmtKind_TRANS_STMT_PREPARE:
		t.end(stmt.Chain, place+1)
	}
}

// end closes the transaction. What is left of a message of several statements
// is an implicit transaction again, which before finds out.
func (t *txState) end(chain bool, place int32) {
	why := ""
	if chain {
		why = "AND CHAIN opened a transaction"
	}
	t.start(why, place)
	t.ended, t.chunk = true, -1
}

// locks notes which tables in use a statement locked, and the transaction keeps so.
func (w *walk) locks(s *Statement) {
	t, e := &w.tx, w.options.Observed.Effect(s)
	locked := w.lockedBy(s, w.place)
	w.hasLocked = w.hasLocked || len(locked) > 0
	if t.open == "" {
		return
	}
	for _, table := range locked {
		t.locked.add(table)
	}
	for _, table := range w.heldBy(s, locked, e) {
		t.hold(table)
	}
}

// isInUse reports whether a table was there before the review when the statement at a
// place ran. What the server saw wins: IF EXISTS finds nothing.
func (w *walk) isInUse(o *Object, n facts.Name, place int32, e *Effect) bool {
	if n.Schema == facts.TemporarySchema {
		return false
	}
	if e == nil || e.Err != nil || e.Incomplete != "" {
		return !o.isNewBefore(place)
	}
	t := e.Before.Find(n.Schema, n.Name)
	return t != nil && !t.New
}
