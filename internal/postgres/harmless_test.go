package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// The sandbox and the role must not be in the way of what migrations do.
func TestMigrationsStillWork(t *testing.T) {
	const trusted = `CREATE EXTENSION citext; CREATE EXTENSION pgcrypto; CREATE EXTENSION hstore;`
	statements := []string{
		`CREATE TABLE t AS SELECT g AS id, repeat('x', 100) AS x FROM generate_series(1, 50000) g`,
		`CREATE INDEX CONCURRENTLY ON t (x)`,
		`SELECT count(*) FROM (SELECT x FROM t ORDER BY x, id DESC) s`,
		`VACUUM FULL t`,
		`CREATE ROLE app; GRANT app TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO app; ALTER TABLE t OWNER TO app`,
		`CREATE SCHEMA AUTHORIZATION postgres; DROP SCHEMA public CASCADE; CREATE SCHEMA public`,
		`SELECT now() AT TIME ZONE 'Europe/Berlin'`,
		`CREATE COLLATION de (provider = icu, locale = 'de')`,
		`CREATE TABLE c (x text COLLATE de); INSERT INTO c VALUES ('ä'), ('b'); SELECT * FROM c ORDER BY x`,
		`CREATE PUBLICATION p`,
		trusted,
		`CREATE DATABASE migvet_other`,
		`DROP DATABASE migvet_other`,
		`DROP OWNED BY app CASCADE; DROP ROLE app`,
	}
	ctx := context.Background()
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		conn, err := pgx.ConnectConfig(ctx, s.Config(postgres.Owner, postgrestest.Database(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range statements {
			if _, err := conn.Exec(ctx, sql); err != nil {
				t.Errorf("%d: %s: %v", s.Major(), sql, err)
			}
		}
		conn.Close(ctx)
	}
}
