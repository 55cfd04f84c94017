package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/internal/schema"
)

// undoOnRows takes the migrations back on tables that hold rows, and notes what this
// drops or does not bring back. had and sums are the rows and values before the migrations.
func (t *trial) undoOnRows(ctx context.Context, database string, f faithful, had []kept, sums valueSums) error {
	if len(f.back) == 0 {
		return nil
	}
	if err := t.fillNew(ctx, database, f.schema.Changes); err != nil {
		return err
	}
	has, err := t.keptRows(ctx, database)
	if err != nil {
		return err
	}
	r, err := t.goBack(ctx, database, f.back)
	if err != nil {
		return err
	}
	if r != nil {
		t.downRefused(f.back, r, " on tables with rows")
		return nil
	}
	left, err := t.keptRows(ctx, database)
	if err != nil {
		return err
	}
	there := slices.DeleteFunc(slices.Clone(had), func(k kept) bool { return !slices.ContainsFunc(left, k.isSame) })
	noteLost(f.back, there, left) // of columns and tables that are gone, the schema tells
	now, err := t.sumValues(ctx, database, f.droppedColumns())
	if err != nil {
		return err
	}
	noteReplaced(f.back, sums, now, had, left)
	made := slices.DeleteFunc(slices.Clone(has), func(k kept) bool { return slices.ContainsFunc(had, k.isSame) })
	noteDropped(f.back, unmoved(made, had, has, left), left)
	return nil
}

// fillNew puts rows into the tables that the migrations made.
func (t *trial) fillNew(ctx context.Context, database string, changes []schema.Change) error {
	var schemas, tables []string
	for _, c := range changes {
		if c.What == schema.Added && c.Object.Kind == schema.Table {
			schemas, tables = append(schemas, c.Object.Schema), append(tables, c.Object.Name)
		}
	}
	if len(tables) == 0 {
		return nil
	}
	o := rows.Options{Set: rows.Benign}
	err := t.inSession(ctx, postgres.Owner, database, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "SELECT array_agg(format('%I.%I', s, t)) FROM ROWS FROM (unnest($1::text[]), unnest($2::text[])) AS n(s, t)",
			pgx.QueryExecModeExec, schemas, tables).Scan(&o.Tables)
	})
	if err != nil {
		return fmt.Errorf("name new tables: %w", err)
	}
	_, err = t.fillAs(ctx, database, o)
	return err
}

// A kept is what a table or column holds while migrations are taken back.
type kept observe.Count

func (k kept) isSame(l kept) bool {
	return k.Schema == l.Schema && k.Table == l.Table && k.Column == l.Column
}

func (k kept) String() string {
	if k.Column == "" {
		return noun.Count(k.N, "row") + " of " + k.table()
	}
	return noun.Count(k.N, "value") + " of " + k.table() + "." + k.Column
}

// heldRows counts before the migrations run, if anything will be taken back.
func (t *trial) heldRows(ctx context.Context, database string, backs []back) ([]kept, error) {
	if len(backs) == 0 {
		return nil, nil
	}
	return t.keptRows(ctx, database)
}

func (t *trial) keptRows(ctx context.Context, database string) (all []kept, err error) {
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		counts, err := observe.Counts(ctx, conn)
		for _, c := range counts {
			if c.Schema+"."+c.Table != t.historyTable() {
				all = append(all, kept(c))
			}
		}
		return err
	})
	return all, err
}

// noteLost notes tables that have fewer rows now, and columns of other tables that
// have fewer values.
func noteLost(backs []back, was, now []kept) {
	var gone kept
	for _, k := range was {
		i := slices.IndexFunc(now, k.isSame)
		if i >= 0 {
			k.N -= now[i].N
		}
		if k.N <= 0 || k.Schema == gone.Schema && k.Table == gone.Table {
			continue
		}
		if k.Column == "" {
			gone = k
		}
		u := downThatLost(backs, k).undone
		u.Loses = append(u.Loses, "does not bring back "+k.String())
	}
}

// downThatLost finds the down that lost rows or values: the last one that names them.
func downThatLost(backs []back, k kept) back {
	for _, b := range slices.Backward(backs) {
		if mentionsAll(b.down.Source, []string{k.Table, k.Column}) {
			return b
		}
	}
	return backs[len(backs)-1]
}
