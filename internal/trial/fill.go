package trial

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/rows"
)

// fill puts rows into the tables that the migrations touch.
func (t *trial) fill(ctx context.Context, database string, f faithful, set rows.Set) ([]rows.Filled, error) {
	if f.needsNoRows() {
		return nil, nil
	}
	o := rows.Options{Set: set, Tables: f.touched}
	if table := t.Source.Runner.Table(); table != "" {
		o.Exclude = []string{string(table)}
	}
	return t.fillAs(ctx, database, o)
}

// filler is who adds rows: as a superuser where migrations run as one.
func (t *trial) filler() postgres.Role {
	if t.Superuser {
		return postgres.SuperFiller
	}
	return postgres.Filler
}

// fillAs fills tables in a session of the filler, under the search path that the
// tool's sessions have.
func (t *trial) fillAs(ctx context.Context, database string, o rows.Options) (filled []rows.Filled, err error) {
	if err := t.putFillerBack(ctx); err != nil {
		return nil, err
	}
	if o.Path, err = t.toolPath(ctx, database); err != nil {
		return nil, err
	}
	err = t.inSession(ctx, t.filler(), database, func(conn *pgx.Conn) error {
		filled, err = rows.Fill(ctx, conn, o)
		return err
	})
	return filled, err
}

// toolPath lists the schemas in which the tool's sessions look for names.
func (t *trial) toolPath(ctx context.Context, database string) (path []string, err error) {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	err = conn.QueryRow(ctx, "SELECT pg_catalog.current_schemas(false)::pg_catalog.text[]", pgx.QueryExecModeExec).Scan(&path)
	return path, err
}
