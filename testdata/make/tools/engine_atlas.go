package main

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
)

// atlasApply does what atlas migrate apply does with the library that it is made
// of: its program, which is not public, keeps the rows and puts each file into a
// transaction of its own.
func atlasApply(dir, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(atlasTable); err != nil {
		return err
	}
	files, err := migrate.NewLocalDir(dir)
	if err != nil {
		return err
	}
	for {
		if done, err := atlasNext(db, files); done || err != nil {
			return err
		}
	}
}

// atlasNext applies one file, in a transaction unless it says otherwise.
func atlasNext(db *sql.DB, files migrate.Dir) (done bool, err error) {
	ctx := context.Background()
	e, err := executor(db, files)
	if err != nil {
		return false, err
	}
	pending, err := e.Pending(ctx)
	switch {
	case errors.Is(err, migrate.ErrNoPendingFiles):
		return true, nil
	case err != nil:
		return false, err
	}
	if f, ok := pending[0].(*migrate.LocalFile); ok && slices.Contains(f.Directive("txmode"), "none") {
		return false, e.Execute(ctx, f)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	if e, err = executor(tx, files); err != nil {
		return false, err
	}
	if err := e.Execute(ctx, pending[0]); err != nil {
		return false, err
	}
	return false, tx.Commit()
}

func executor(db schema.ExecQuerier, files migrate.Dir) (*migrate.Executor, error) {
	driver, err := postgres.Open(db)
	if err != nil {
		return nil, err
	}
	return migrate.NewExecutor(driver, files, revisions{db}, migrate.WithExecOrder(migrate.ExecOrderLinear), migrate.WithAllowDirty(true))
}

// revisions are the rows, as the program has them.
type revisions struct{ db schema.ExecQuerier }

const (
	atlasTable = `CREATE SCHEMA IF NOT EXISTS atlas_schema_revisions;
CREATE TABLE IF NOT EXISTS atlas_schema_revisions.atlas_schema_revisions (
	version varchar NOT NULL PRIMARY KEY, description varchar NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0,
	total bigint NOT NULL DEFAULT 0, executed_at timestamptz NOT NULL, execution_time bigint NOT NULL, error text, error_stmt text,
	hash varchar NOT NULL, partial_hashes jsonb, operator_version varchar NOT NULL)`
	atlasRows = `SELECT version, description, type, applied, total, hash FROM atlas_schema_revisions.atlas_schema_revisions`
)

func (r revisions) Ident() *migrate.TableIdent {
	return &migrate.TableIdent{Name: "atlas_schema_revisions", Schema: "atlas_schema_revisions"}
}

func (r revisions) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	return r.read(ctx, atlasRows+" ORDER BY version")
}

func (r revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	all, err := r.read(ctx, atlasRows+" WHERE version = $1", version)
	if err == nil && len(all) == 0 {
		err = migrate.ErrRevisionNotExist
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func (r revisions) read(ctx context.Context, query string, args ...any) (all []*migrate.Revision, err error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v migrate.Revision
		if err := rows.Scan(&v.Version, &v.Description, &v.Type, &v.Applied, &v.Total, &v.Hash); err != nil {
			return nil, err
		}
		all = append(all, &v)
	}
	return all, rows.Err()
}

func (r revisions) WriteRevision(ctx context.Context, v *migrate.Revision) error {
	_, err := r.db.ExecContext(ctx, `INSERT INTO atlas_schema_revisions.atlas_schema_revisions
		(version, description, type, applied, total, executed_at, execution_time, error, error_stmt, hash, operator_version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '')
		ON CONFLICT (version) DO UPDATE SET applied = EXCLUDED.applied, execution_time = EXCLUDED.execution_time, error = EXCLUDED.error`,
		v.Version, v.Description, v.Type, v.Applied, v.Total, v.ExecutedAt, v.ExecutionTime, v.Error, v.ErrorStmt, v.Hash)
	return err
}

func (r revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.db.ExecContext(ctx, `DELETE FROM atlas_schema_revisions.atlas_schema_revisions WHERE version = $1`, version)
	return err
}
