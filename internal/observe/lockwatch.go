package observe

import (
	"context"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/session"
)

// A LockWatch remembers which tables the transactions of a session lock that were
// there before it began.
type LockWatch struct {
	conn     *pgx.Conn
	before   snapshot
	touched  map[string]bool
	complete bool // every transaction was seen
}

// WatchLocks begins to watch a session.
func WatchLocks(ctx context.Context, conn *pgx.Conn) (*LockWatch, error) {
	before, err := takeSnapshot(ctx, conn)
	if err != nil {
		return nil, err
	}
	return &LockWatch{conn: conn, before: before, touched: map[string]bool{}, complete: true}, nil
}

// Note looks at the locks that are held now. It must be called after each message.
func (w *LockWatch) Note(ctx context.Context) error {
	if !session.InTransaction(w.conn) {
		w.complete = false
		return nil
	}
	now, err := takeSnapshot(ctx, w.conn)
	if err != nil {
		return err
	}
	for oid := range now.locks {
		if r, existed := w.before.relations[oid]; existed && (r.Kind == "r" || r.Kind == "p") {
			w.touched[r.Quoted] = true
		}
	}
	return nil
}

// Tables are the tables that were locked, as SQL writes them, sorted. nil means
// unknown: a message left no transaction to look into. Empty means none.
func (w *LockWatch) Tables() []string {
	if !w.complete {
		return nil
	}
	tables := slices.AppendSeq([]string{}, maps.Keys(w.touched))
	slices.Sort(tables)
	return tables
}
