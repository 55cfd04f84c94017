package observe

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/lint"
)

// A relation is a table, index or view as one snapshot sees it.
type relation struct {
	OID       int64
	Schema    string
	Name      string
	Quoted    string // schema and name as format('%I.%I') prints them
	Kind      string // pg_class.relkind
	Table     int64  // of an index
	Parent    int64  // of a partition or child table
	Clustered bool   // the index CLUSTER uses
	File      int64  // filenode: changes when the relation is written anew
	Empty     bool   // its file is not its first one and has no rows
	Scans     int64  // full scans by this session's transaction
	Read      int64  // rows those scans returned
	Inserted  int64  // rows, by this session's transaction
	Updated   int64
	Deleted   int64
}

func (r relation) qname() string { return r.Schema + "." + r.Name }

func (r relation) storesRows() bool { return r.Kind == "r" || r.Kind == "m" }

// wrote reports whether rows were inserted, updated or deleted since an earlier
// snapshot.
func (r relation) wrote(since relation) bool {
	return r.Inserted != since.Inserted || r.Updated != since.Updated || r.Deleted != since.Deleted
}

func (r relation) index() bool { return r.Kind == "i" || r.Kind == "I" }

// A snapshot is what one session sees and holds at one moment.
type snapshot struct {
	relations map[int64]relation
	locks     map[int64]lint.LockMode // strongest mode held
	calls     map[int64]int64         // of each function, in this transaction
	armed     bool                    // the event triggers are at work
}

// takeSnapshot runs in the session that is watched, inside its transaction.
func takeSnapshot(ctx context.Context, conn *pgx.Conn) (snapshot, error) {
	var raw struct {
		Relations []relation
		Locks     []struct {
			OID  int64
			Mode lint.LockMode
		}
		Calls map[int64]int64
		Armed bool
	}
	if err := askServer(ctx, conn, &raw, "migvet_snapshot()"); err != nil {
		return snapshot{}, err
	}
	s := snapshot{relations: map[int64]relation{}, locks: map[int64]lint.LockMode{}, calls: raw.Calls, armed: raw.Armed}
	for _, r := range raw.Relations {
		s.relations[r.OID] = r
	}
	for _, l := range raw.Locks {
		if l.Mode.Strength() > s.locks[l.OID].Strength() {
			s.locks[l.OID] = l.Mode
		}
	}
	return s, nil
}

// rebuilt finds the index that took the place of one: ALTER COLUMN TYPE makes
// a new index under the old name, which may keep the old file.
func (s snapshot) rebuilt(was relation) (relation, bool) {
	if !was.index() {
		return relation{}, false
	}
	for _, r := range s.relations {
		if r.index() && r.qname() == was.qname() && r.Table == was.Table {
			return r, true
		}
	}
	return relation{}, false
}
