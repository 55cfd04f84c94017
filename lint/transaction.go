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

	began      int32        // place of its first statement
	locked     []facts.Name // see Pass.Locked
	lastLocked string       // see Pass.LastLocked

	lockedObjects map[*Object]bool // the objects named in locked

	implicit bool // ends with the message
	ended    bool // a COMMIT ended the tool's transaction for all pending migrations
	chunk    int
}

// enter starts a migration.
func (t *txState) enter(m *Migration, place int32) {
	t.chunk = -1
	if m.Tx != TxAllPending {
		t.begin(place)
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
func (t *txState) before(m *Migration, s *Statement, place int32) {
	if s.Chunk == t.chunk {
		return
	}
	t.chunk = s.Chunk
	if t.implicit {
		t.open, t.implicit = "", false
		t.begin(place)
	}
	if m.Tx == TxAfterFirst && s.Chunk == 1 {
		t.open = t.tool + " runs what follows the first statement in a transaction"
	}
	if t.open == "" && len(m.Sent(s.Chunk)) > 1 {
		t.open, t.implicit = "several statements in one message are one transaction", true
	}
}

// begin forgets what the transaction before held.
func (t *txState) begin(place int32) {
	t.began, t.locked, t.lastLocked, t.lockedObjects = place, nil, "", nil
}

// after updates the state for statements that begin or end transactions.
func (t *txState) after(s *Statement, place int32) {
	stmt := s.Node.GetTransactionStmt()
	if stmt == nil {
		return
	}
	t.begin(place + 1)
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

// locks notes which tables in use a statement of the transaction locked.
func (w *walk) locks(s *Statement) {
	t, e := &w.tx, w.options.Observed.Effect(s)
	if t.open == "" {
		return
	}
	for _, f := range s.Facts() {
		if f.Verb&facts.Locked == 0 {
			continue
		}
		if o := w.timeline.find(f.Name, w.place-1); w.isInUse(o, f.Name, e) {
			t.lock(o, f.Name)
		}
	}
	if e == nil {
		return
	}
	t.lastLocked = cmp.Or(e.blocked(), t.lastLocked)
}

// isInUse reports whether a table was there before the review. What the server saw
// wins: IF EXISTS finds nothing.
func (w *walk) isInUse(o *Object, n facts.Name, e *Effect) bool {
	if e == nil || e.Err != nil || e.Incomplete != "" {
		return !o.isNewBefore(w.place)
	}
	t := e.Before.Find(n.Schema, n.Name)
	return t != nil && !t.New
}

func (t *txState) lock(o *Object, n facts.Name) {
	t.lastLocked = n.String()
	if t.lockedObjects[o] && o != nil {
		return
	}
	if t.lockedObjects == nil {
		t.lockedObjects = map[*Object]bool{}
	}
	t.lockedObjects[o] = true
	t.locked = append(t.locked, n)
}

// blocked returns a table that the statement keeps others from writing; "" when
// there is none.
func (e *Effect) blocked() string {
	for _, l := range e.Locks {
		if !l.Index && l.Mode.BlocksWrites() {
			return l.Object
		}
	}
	return ""
}
