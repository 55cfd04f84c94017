package sizes_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/sizes"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

const production = `
CREATE TABLE orders (id int PRIMARY KEY, note text);
INSERT INTO orders SELECT i, repeat('x', 100) FROM generate_series(1, 5000) AS i;
CREATE TABLE nothing (id int);
CREATE TABLE uncounted (id int);
INSERT INTO uncounted VALUES (1);
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."Big ""Carts""" (id int);
CREATE TABLE events (at date) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2025-01-01') PARTITION BY RANGE (at);
CREATE TABLE events_2020 PARTITION OF events_old FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO events SELECT '2020-05-05' FROM generate_series(1, 300);
INSERT INTO events SELECT '2025-05-05' FROM generate_series(1, 200);
CREATE TABLE empty_parts (at date) PARTITION BY RANGE (at);
CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM orders;
CREATE TEMP TABLE passing (id int);
ANALYZE orders, nothing, events, "Shop"."Big ""Carts""", counts;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
`

// TestQuery runs the query as somebody who may read nothing, in a transaction
// that may write nothing, under a search path that means harm.
func TestQuery(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run("postgres "+version, func(t *testing.T) {
			server := postgrestest.Server(t, version)
			database := postgrestest.Database(t, server)
			execute(t, server, postgres.Superuser, database, production)
			answer := execute(t, server, postgres.Owner, database,
				"CREATE TEMP TABLE pg_class (oid oid); SET search_path = pg_temp; BEGIN READ ONLY; "+sizes.Query)
			f, err := sizes.Read("stats.json", []byte(answer))
			if err != nil {
				t.Fatalf("%v\n%s", err, answer)
			}
			for _, want := range []struct {
				schema, name string
				rows, least  int64
			}{
				{"public", "orders", 5000, 500_000}, {"", "orders", 5000, 500_000}, {"public", "nothing", -1, 0}, {"public", "uncounted", -1, 8192},
				{"Shop", `Big "Carts"`, -1, 0}, {"", `Big "Carts"`, -1, 0}, {"public", "events", 500, 16384}, {"public", "events_old", 300, 8192},
				{"public", "empty_parts", 0, 0}, {"public", "counts", 1, 8192},
			} {
				size, ok := f.Of(want.schema, want.name)
				if want.rows < 0 && size.Rows == 0 {
					size.Rows = -1 // ANALYZE of an empty table counts it from PostgreSQL 17 on
				}
				if !ok || size.Rows != want.rows || size.Bytes < want.least {
					t.Errorf("%s.%s: %v, %v; want %d rows and %d bytes", want.schema, want.name, size, ok, want.rows, want.least)
				}
			}
			for _, name := range []string{"passing", "pg_class", "sql_features", "orders_pkey"} {
				if size, ok := f.Of("", name); ok {
					t.Errorf("%s is told of: %v", name, size)
				}
			}
		})
	}
}

// execute returns the last value that SQL gives.
func execute(t *testing.T, server *postgres.Server, role postgres.Role, database, sql string) string {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), server.Config(role, database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows := results[len(results)-1].Rows; len(rows) == 1 {
		return string(rows[0][0])
	}
	return ""
}

func TestReadRefuses(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"empty", " \n", "stats.json is empty; write it with psql -XAt"},
		{"a table of psql", " json_build_object \n-----\n {}", "stats.json:1:2: invalid character 'j'"},
		{"cut off", "{\"version\": 1,\n \"tables\": [{", "stats.json:2:14: unexpected EOF"},
		{"a misspelt key", `{"version": 1, "table": []}`, `unknown field "table"`},
		{"a word for a number", "{\"version\": 1,\n\"tables\": [{\"rows\": \"many\"}]}", "stats.json:2:26: tables.rows is a string"},
		{"another version", `{"version": 2, "tables": []}`, "version 2 is not 1"},
		{"two values", `{"version": 1} {"version": 1}`, "there is more behind the JSON value"},
		{"no name", `{"version": 1, "tables": [{"schema": "public"}]}`, "table 1: schema or name is missing"},
		{"twice", `{"version": 1, "tables": [{"schema": "a", "name": "b"}, {"schema": "a", "name": "b"}]}`, "table 2: a.b is there twice"},
		{"negative", `{"version": 1, "tables": [{"schema": "a", "name": "b", "rows": -1}]}`, "a.b has a negative size"},
		{"too many", `{"version": 1, "tables": [` + strings.Repeat("{},", 200_001) + "{}]}", "stats.json has more than 200000 tables"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, err := sizes.Read("stats.json", []byte(test.content))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v; want %q", f, err, test.want)
			}
		})
	}
}

func TestOf(t *testing.T) {
	f, err := sizes.Read("stats.json", []byte(`{"version": 1, "tables": [
		{"schema": "a", "name": "both", "rows": 1, "bytes": 1}, {"schema": "b", "name": "both", "rows": 2, "bytes": 2},
		{"schema": "a", "name": "here", "rows": 3, "bytes": 3}, {"schema": "public", "name": "here", "rows": null, "bytes": 4}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if size, ok := f.Of("", "both"); ok {
		t.Errorf("both, of any schema, is %v", size)
	}
	if size, ok := f.Of("b", "both"); !ok || size.Rows != 2 {
		t.Errorf("b.both is %v, %v", size, ok)
	}
	if size, ok := f.Of("", "here"); !ok || size.Bytes != 4 || size.Rows != -1 {
		t.Errorf("here is %v, %v", size, ok)
	}
}
