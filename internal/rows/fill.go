package rows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
)

var errNoTime = errors.New("ran out of the time for filling tables")

// maxRounds bounds how often everything is inserted anew because a table turned out not to take its rows.
const maxRounds = 6

// A filler inserts the planned rows.
type filler struct {
	session  *session
	plan     *plan
	repairer *repairer
	deadline context.Context // for the work as a whole; queries are limited one by one
	retried  map[*table]bool
}

// run repairs the plan and inserts its rows in one transaction. A table that refuses them is repaired once by what
// the error says, else given up together with what must refer to it, and everything is inserted anew: values that
// other tables share may have changed.
func (f *filler) run(ctx context.Context) error {
	f.retried = map[*table]bool{}
	for round := 1; ; round++ {
		f.spreadErrors()
		if err := f.repairer.repair(ctx, f.deadline); err != nil {
			return err
		}
		f.spreadErrors()
		failed, err := f.insertAll(ctx)
		if err != nil {
			return err
		}
		if round == maxRounds || f.deadline.Err() != nil {
			break // what refers to no row goes with the orphans
		}
		kept, err := f.keepRows(ctx)
		if err != nil {
			return err
		}
		if !failed && !kept {
			break
		}
		if err := f.session.exec(ctx, "ROLLBACK"); err != nil {
			return err
		}
	}
	if err := f.removeOrphans(ctx); err != nil {
		return err
	}
	if err := f.session.exec(ctx, "COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return f.advanceSequences(ctx)
}

// spreadErrors detaches foreign keys from tables that get no rows, until no table is left that must refer to one.
func (f *filler) spreadErrors() {
	for again := true; again; {
		again = false
		for _, t := range f.plan.tables {
			if t.err != nil {
				continue
			}
			for _, k := range t.keys {
				if k.parent != nil && k.parent.err != nil && k.parent != t {
					k.detach()
				}
			}
			again = again || t.err != nil
		}
	}
}

// insertAll begins a transaction and inserts the rows of every table. It says whether some table failed.
func (f *filler) insertAll(ctx context.Context) (failed bool, err error) {
	if err := f.session.exec(ctx, "BEGIN"); err != nil {
		return false, err
	}
	for _, t := range f.plan.tables {
		t.inserted = 0
		if t.err != nil || t.kept {
			continue
		}
		if f.deadline.Err() != nil {
			t.err = errNoTime
			continue
		}
		err := f.insert(ctx, t)
		if err == nil {
			continue
		}
		if !isServerError(err) {
			return false, err
		}
		failed = true
		if f.retried[t] || !t.repairInsert(err) {
			t.err = fmt.Errorf("insert: %w", err)
		}
		f.retried[t] = true
	}
	return failed, nil
}

// insert inserts the rows of one table under a savepoint, in one round trip.
func (f *filler) insert(ctx context.Context, t *table) error {
	results, err := f.session.conn.PgConn().Exec(ctx, t.insertMessage().ForServer()).ReadAll()
	if err != nil {
		if isServerError(err) {
			if undoErr := f.session.exec(ctx, "ROLLBACK TO one"); undoErr != nil {
				return fmt.Errorf("%v; undo: %v", err, undoErr)
			}
		}
		return err
	}
	for _, r := range results {
		if r.CommandTag.Insert() {
			t.inserted = int(r.CommandTag.RowsAffected())
		}
	}
	return nil
}

// insertMessage is the INSERT with what surrounds it.
func (t *table) insertMessage() quote.SQL {
	insert := t.insertSQL()
	if t.forcesRLS {
		alter := "ALTER TABLE " + t.qualified()
		insert = alter + " NO FORCE ROW LEVEL SECURITY; " + insert + "; " + alter + " FORCE ROW LEVEL SECURITY"
	}
	// Sent each time: a function called by a CHECK may have changed the setting.
	return "SET LOCAL statement_timeout = '" + insertTimeout + "'; SAVEPOINT one; " + insert + "; RELEASE one"
}

// repairInsert changes the plan by what the failed INSERT says, and reports whether it did.
func (t *table) repairInsert(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "23502" {
		return false
	}
	c := t.columnNamed(e.ColumnName)
	if c == nil || c.nulls == nullNever {
		return false
	}
	c.nulls = nullNever
	return true
}

// errNoPartition is of a partitioned table: whatever gives it partitions, migrations do not.
var errNoPartition = errors.New("it has no partition that could hold rows")

// result reports on every table, by name; hollow ones have no partitions.
func (f *filler) result(hollow []*table) []Filled {
	var all []Filled
	for _, t := range hollow {
		all = append(all, Filled{Table: t.name, Err: errNoPartition})
	}
	for _, t := range f.plan.tables {
		err := t.err
		if err == nil && t.inserted < t.rows && !t.kept {
			err = fmt.Errorf("%d of %d rows conflict with rows already there", t.rows-t.inserted, t.rows)
		}
		all = append(all, Filled{Table: t.name, Rows: t.inserted, Err: err, Roots: t.roots()})
	}
	slices.SortFunc(all, func(a, b Filled) int { return strings.Compare(a.Table, b.Table) })
	return all
}

// A noParentError is of a table that must refer to one without rows.
type noParentError struct{ key *foreignKey }

func (e *noParentError) Error() string {
	if e.key.parent == nil {
		return fmt.Sprintf("foreign key %s refers to a table that is not filled", e.key.name)
	}
	return fmt.Sprintf("foreign key %s refers to %s, which could not be filled", e.key.name, e.key.parent.name)
}

func schemasOf(tables []*table) []string {
	var schemas []string
	for _, t := range tables {
		if !slices.Contains(schemas, t.schema) {
			schemas = append(schemas, t.schema)
		}
	}
	return schemas
}
