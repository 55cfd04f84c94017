package probe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
)

// Rows are rows that tables held, as text by the number of the column.
type Rows struct {
	first  map[uint32]row // one that stays
	spares map[uint32]row // one that was taken out, so that it can be inserted
	doomed map[uint32]row // one that stays, to be deleted
}

type row map[int]*string

// fewestRows is how many rows a table needs for all three.
const fewestRows = 3

// TakeRows takes a row out of each table that holds some, and reads others. conn is a
// session in which no trigger fires and no foreign key is asked; what refuses to be read
// has no rows to write.
func TakeRows(ctx context.Context, conn *pgx.Conn, c *Catalog, tables []*Table) (*Rows, error) {
	r := &Rows{first: map[uint32]row{}, spares: map[uint32]row{}, doomed: map[uint32]row{}}
	err := r.each(ctx, conn, tables, r.takeSpare)
	if err != nil {
		return nil, err
	}
	if err := c.dropOrphans(ctx, conn, slices.Collect(maps.Keys(r.spares))); err != nil {
		return nil, err
	}
	return r, r.each(ctx, conn, tables, r.readOthers)
}

// each has a function run for each table that holds rows, in a transaction: a refusal leaves
// the table as it was, and it is not written.
func (r *Rows) each(ctx context.Context, conn *pgx.Conn, tables []*Table, f func(context.Context, pgx.Tx, *Table) error) error {
	for _, t := range tables {
		if t.Kind == "v" {
			continue
		}
		refused, err := t.inTransaction(ctx, conn, func(tx pgx.Tx) error { return f(ctx, tx, t) })
		if err != nil {
			return fmt.Errorf("take a row out of %s: %w", t.Display(), err)
		}
		if refused {
			delete(r.spares, t.OID)
		}
	}
	return nil
}

// inTransaction has a function run in a transaction in which the owner of the table is past
// its policies. What the server refuses leaves the table as it was.
func (t *Table) inTransaction(ctx context.Context, conn *pgx.Conn, f func(pgx.Tx) error) (refused bool, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, ("SET LOCAL statement_timeout = '2s'" + t.unforced()).ForServer(), pgx.QueryExecModeSimpleProtocol); err != nil {
			return err
		}
		if err := f(tx); err != nil || !t.Forced {
			return err
		}
		_, err := tx.Exec(ctx, t.forced().ForServer(), pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if answer := (*pgconn.PgError)(nil); errors.As(err, &answer) {
		return true, nil
	}
	return false, err
}

func (r *Rows) takeSpare(ctx context.Context, tx pgx.Tx, t *Table) error {
	newest, err := t.read(ctx, tx, "DESC", fewestRows)
	if err != nil || len(newest) < fewestRows {
		return err
	}
	spare := newest[0]
	if _, err := tx.Exec(ctx, ("DELETE FROM " + t.qualified() + " WHERE tableoid = " + quote.Number(spare.table) + " AND ctid = " + quote.Text(spare.place) + "::pg_catalog.tid").ForServer(), pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	r.spares[t.OID] = spare.values
	return nil
}

// readOthers reads the rows that stay; without them the table is not written.
func (r *Rows) readOthers(ctx context.Context, tx pgx.Tx, t *Table) error {
	if !r.Has(t) {
		return nil
	}
	newest, err := t.read(ctx, tx, "DESC", fewestRows-1)
	if err != nil {
		return err
	}
	oldest, err := t.read(ctx, tx, "ASC", 1)
	if err != nil {
		return err
	}
	if len(newest) < fewestRows-1 {
		delete(r.spares, t.OID)
		return nil
	}
	r.doomed[t.OID], r.first[t.OID] = newest[0].values, oldest[0].values
	return nil
}

// unforced lets the owner of the table past its policies, and forced undoes that.
func (t *Table) unforced() quote.SQL {
	if !t.Forced {
		return ""
	}
	return "; ALTER TABLE " + t.qualified() + " NO FORCE ROW LEVEL SECURITY"
}

func (t *Table) forced() quote.SQL {
	return "ALTER TABLE " + t.qualified() + " FORCE ROW LEVEL SECURITY"
}

// A placed is a row and where it is.
type placed struct {
	table  uint32 // the partition
	place  string // its ctid
	values row
}

func (t *Table) read(ctx context.Context, tx pgx.Tx, order quote.SQL, limit int) (found []placed, err error) {
	if len(t.Columns) == 0 {
		return nil, nil
	}
	columns := quote.List(t.Columns, func(c Column) quote.SQL { return quote.Name(c.Name) + "::pg_catalog.text" })
	sql := "SELECT tableoid::pg_catalog.int8, ctid::pg_catalog.text, ARRAY[" + columns + "] FROM " + t.qualified() +
		" ORDER BY tableoid " + order + ", ctid " + order + " LIMIT " + quote.Number(limit)
	rows, err := tx.Query(ctx, sql.ForServer(), pgx.QueryExecModeExec)
	if err != nil {
		return nil, err
	}
	var p placed
	var texts []*string
	var oid int64
	_, err = pgx.ForEachRow(rows, []any{&oid, &p.place, &texts}, func() error {
		next := placed{table: uint32(oid), place: p.place, values: row{}}
		for i, c := range t.Columns {
			next.values[c.Number] = texts[i]
		}
		found, texts = append(found, next), nil
		return nil
	})
	return found, err
}

// Has reports whether a table holds rows that probes can write.
func (r *Rows) Has(t *Table) bool { return r.spares[t.OID] != nil }

// besideFirst is a spare row that refers to what the first row refers to: the row that it
// referred to itself was taken out, too.
func (r *Rows) besideFirst(t *Table) row {
	spare, first := r.spares[t.OID], r.first[t.OID]
	if spare == nil {
		return nil
	}
	beside := row{}
	for number, value := range spare {
		beside[number] = value
	}
	for _, k := range t.References {
		for _, number := range k.Columns {
			beside[number] = first[number]
		}
	}
	return beside
}

// parents insert the spare rows of the tables that t refers to, and of those before them.
// above are the tables that are on the way.
func (r *Rows) parents(c *Catalog, t *Table, above []uint32) (steps []step) {
	above = append(slices.Clone(above), t.OID)
	for _, k := range t.References {
		parent := k.parent
		if parent == nil || slices.Contains(above, parent.OID) || !r.Has(parent) {
			continue
		}
		now := c.follow(parent)
		if now == nil {
			continue
		}
		steps = append(steps, r.parents(c, parent, above)...)
		sql := Probe{Kind: Insert, Table: parent}.insertSQL(now, r.spares[parent.OID])
		if !slices.ContainsFunc(steps, func(s step) bool { return s.sql == sql }) {
			steps = append(steps, step{role: now.Owner, sql: sql})
		}
	}
	return steps
}
