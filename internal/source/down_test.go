package source

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestDown(t *testing.T) {
	const cargo = `Cargo.toml: sqlx = "0.8"`
	tests := []struct {
		name  string
		files []string
		want  string // messages that go back, parted by " | "; "none"; or why the tool fails
		tx    lint.TxMode
		sql   string // that the tool writes down, or a part of it
	}{
		{name: "goose", files: []string{"m/1_a.sql: -- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n-- +goose StatementBegin\nSELECT 1;\nSELECT 2;\n-- +goose StatementEnd\n"},
			want: "DROP TABLE a; | SELECT 1;\nSELECT 2;", sql: "DELETE FROM \"public\".\"goose_db_version\" WHERE version_id = 1"},
		{name: "goose without", files: []string{"m/1_a.sql: -- +goose Up\nSELECT 1;\n"}, want: "none"},
		{name: "goose empty", files: []string{"m/1_a.sql: -- +goose Up\nSELECT 1;\n-- +goose Down\n"}},
		{name: "goose outside of a transaction", files: []string{"m/1_a.sql: -- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n"}, want: "SELECT 2;", tx: lint.TxNone},
		{name: "goose broken", files: []string{"m/1_a.sql: -- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2\n"}, want: "has a statement without its semicolon at the end of a line, so goose fails on it"},
		{name: "dbmate", files: []string{"m/1_a.sql: -- migrate:up\nSELECT 1;\n-- migrate:down transaction:false\nSELECT 2;\n"},
			want: "-- migrate:down transaction:false\nSELECT 2;", tx: lint.TxNone, sql: "delete from \"public\".\"schema_migrations\" where version = '1'"},
		{name: "golang-migrate", files: []string{"m/01_a.up.sql: SELECT 1;", "m/1_b.down.sql: SELECT 2; SELECT 3;"}, want: "SELECT 2; SELECT 3;", tx: lint.TxNone, sql: "TRUNCATE \"public\".\"schema_migrations\""},
		{name: "golang-migrate without", files: []string{"m/1_a.up.sql: SELECT 1;", "m/2_b.down.sql: SELECT 2;"}, want: "none"},
		{name: "sqlx", files: []string{cargo, "m/1_a.up.sql: SELECT 1;", "m/1_a.down.sql: -- no-transaction\nSELECT 2;"},
			want: "-- no-transaction\nSELECT 2;", tx: lint.TxNone, sql: "DELETE FROM \"public\".\"_sqlx_migrations\" WHERE version = 1"},
		{name: "sqlx without", files: []string{cargo, "m/1_a.sql: SELECT 1;", "m/2_b.up.sql: SELECT 1;", "m/2_b.down.sql: SELECT 1;"}, want: "none"},
		{name: "node-pg-migrate", files: []string{"m/1_a.sql: -- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;"},
			want: "-- Down Migration\nSELECT 2;", tx: lint.TxAllPending, sql: "DELETE FROM \"public\".\"pgmigrations\" WHERE name = '1_a'"},
		{name: "node-pg-migrate, down first", files: []string{"m/1_a.sql: -- Down Migration\nSELECT 2;\n-- Up Migration\nSELECT 1;"}, want: "-- Down Migration\nSELECT 2;", tx: lint.TxAllPending},
		{name: "node-pg-migrate without", files: []string{"m/1_a.sql: -- Up Migration\nSELECT 1;"}, want: "none"},
		{name: "Flyway", files: []string{"m/V1.0__a.sql: SELECT 1;", "m/undo/U1__a.sql: SELECT 2; SELECT 3;"}, want: "SELECT 2; | SELECT 3;", sql: "'UNDO_SQL'"},
		{name: "Flyway without", files: []string{"m/V1__a.sql: SELECT 1;", "m/U2__a.sql: SELECT 2;"}, want: "none"},
		{name: "Liquibase", files: []string{"m/a.sql: --liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--rollback SELECT 2;\n--rollback SELECT 3;\n--changeset a:2\nSELECT 4;\n"},
			want: "SELECT 2 | SELECT 3", sql: "WHERE ID = '1' AND AUTHOR = 'a' AND FILENAME = 'm/a.sql'"},
		{name: "Liquibase without", files: []string{"m/a.sql: --liquibase formatted sql\n--changeset a:1\nSELECT 1;\n"}, want: "none"},
		{name: "sql-migrate", files: []string{"m/1_a.sql: -- +migrate Up\nSELECT 1;\n-- +migrate Down notransaction\nSELECT 2;\nSELECT 3;\n"},
			want: "SELECT 2; | SELECT 3;", tx: lint.TxNone, sql: `where "id"='1_a.sql'`},
		{name: "sql-migrate without", files: []string{"m/1_a.sql: -- +migrate Up\nSELECT 1;\n"}, want: "none"},
		{name: "tern", files: []string{"m/tern.conf: [data]\na = long_name", "m/001_a.sql: SELECT '{{.a}}';\n" + ternDown + "\n\nSELECT 2; -- {{.a}}\n"},
			want: "SELECT 2; -- long_name", sql: "set version=0"},
		{name: "tern without", files: []string{"m/001_a.sql: SELECT 1;\n" + ternDown + "\n"}, want: "none"},
		{name: "tern outside of a transaction", files: []string{"m/001_a.sql: SELECT 1;\n" + ternDown + "\n---- tern: disable-tx ----\nSELECT 2; SELECT 3;"},
			want: "---- tern: disable-tx ----\nSELECT 2; | SELECT 3;", tx: lint.TxNone},
		{name: "postgrator", files: []string{"m/001.do.a.sql: SELECT 1;", "m/1.undo.sql: SELECT 2;"}, want: "SELECT 2;", tx: lint.TxNone, sql: "version = 1"},
		{name: "postgrator without", files: []string{"m/1.do.a.sql: SELECT 1;", "m/2.undo.sql: SELECT 2;"}, want: "none"},
		{name: "Diesel", files: []string{"m/2024-01-01-000000_a/up.sql: SELECT 1;", "m/2024-01-01-000000_a/down.sql: SELECT 2;", "m/2024-01-01-000000_a/metadata.toml: # nothing"},
			want: "SELECT 2;", tx: lint.TxNone, sql: "version = '20240101000000'"},
		{name: "Diesel empty", files: []string{"m/2024-01-01-000000_a/up.sql: SELECT 1;", "m/2024-01-01-000000_a/down.sql: "},
			want: "is empty, so Diesel fails on it (“Attempted to run an empty migration”)"},
		{name: "Diesel without", files: []string{"m/2024-01-01-000000_a/up.sql: SELECT 1;"}, want: "none"},
		{name: "plain", files: []string{"m/0001_a.sql: SELECT 1;", "m/0001_a.down.sql: SELECT 2;"}, want: "SELECT 2;"},
		{name: "plain without", files: []string{"m/0001_a.sql: SELECT 1;", "m/0002_a_down.sql: SELECT 2;"}, want: "none"},
		{name: "NUL", tx: lint.TxNone, files: []string{"m/1_a.up.sql: SELECT 1;", "m/1_a.down.sql: \x00"}, want: "it holds NUL bytes (binary, or UTF-16), which PostgreSQL refuses; save the file as UTF-8"},
		{name: "Sqitch", files: []string{"sqitch.plan: %project=x\n\na 2026-01-01T10:00:00Z A <a@b>\n", "deploy/a.sql: SELECT 1;", "revert/a.sql: \\echo back\nSELECT 2; SELECT 3;"},
			want: "SELECT 2; | SELECT 3;", tx: lint.TxNone, sql: "DELETE FROM \"sqitch\".\"changes\" WHERE change_id = '"},
		{name: "Sqitch without", files: []string{"sqitch.plan: %project=x\n\na 2026-01-01T10:00:00Z A <a@b>\n", "deploy/a.sql: SELECT 1;"}, want: "none"},
		{name: "Hasura", files: []string{"m/1700000000000_a/up.sql: SELECT 1;", "m/1700000000000_a/down.sql: -- hasura:no-transaction\nSELECT 2; SELECT 3;"},
			want: "-- hasura:no-transaction\nSELECT 2; SELECT 3;", tx: lint.TxNone, sql: `DELETE FROM "hdb_catalog"."schema_migrations" WHERE version = 1700000000000`},
		{name: "Hasura without", files: []string{"m/1700000000000_a/up.sql: SELECT 1;"}, want: "none"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Review(nil, loaded(t, nil, test.files...), ReviewOptions{})
			if s.Undo == nil {
				t.Fatalf("%s cannot go back", s.Tool)
			}
			m := s.Head[0]
			got, tx := "none", test.tx
			if down := s.Undo.Down(m); down != nil {
				got, tx = down.Refused, down.Tx
				var messages []string
				for _, c := range down.Chunks {
					if text := strings.TrimSpace(down.Source[c.Start:c.End]); text != "" && down.Refused == "" {
						messages = append(messages, text)
					}
				}
				got += strings.Join(messages, " | ")
			}
			if got != test.want || tx != test.tx {
				t.Errorf("got %q in transaction mode %d\nwant %q in %d", got, tx, test.want, test.tx)
			}
			if sql := s.Undo.Forget(m); !strings.Contains(string(sql), test.sql) {
				t.Errorf("forgets with %s", sql)
			}
		})
	}
}

func TestNoDowns(t *testing.T) {
	for _, files := range [][]string{
		{"m/0001_a.sql: SELECT 1;"},
		{"m/V1__a.sql: SELECT 1;"},
		{"m/1.do.a.sql: SELECT 1;"},
		{"Cargo.toml: refinery = 1", "m/V1__a.sql: SELECT 1;"},
		{"m/1_a.up.sql: SELECT 1;"},
		{"supabase/migrations/20240101000000_a.sql: SELECT 1;"},
	} {
		if s := Review(nil, loaded(t, nil, files...), ReviewOptions{}); s.Undo != nil {
			t.Errorf("%s in %v is said to go back", s.Tool, files)
		}
	}
}

// TestForgetOfCursor goes back to the version before.
func TestForgetOfCursor(t *testing.T) {
	s := Review(nil, loaded(t, nil, "m/3_a.up.sql: SELECT 1;", "m/7_b.up.sql: SELECT 1;", "m/7_b.down.sql: SELECT 1;"), ReviewOptions{})
	if got := s.Undo.Forget(s.Head[1]); !strings.Contains(string(got), "VALUES (3, false)") {
		t.Error(got)
	}
}

// Names are read once for a folder, however many steps are asked for; of two files with
// one key the first is it.
func TestDownsByKey(t *testing.T) {
	read := 0
	ofFile := func(file string) string {
		read++
		key, isDown := strings.CutSuffix(file, ".down.sql")
		if !isDown {
			return ""
		}
		return withoutLeadingZeros(strings.TrimSuffix(key, "_b"))
	}
	find := downsByKey([]string{"01.down.sql", "1_b.down.sql", "2.sql", "3.down.sql"}, ofFile, func(s *step) string { return s.key })
	for key, want := range map[string]string{"1": "01.down.sql", "2": "", "3": "3.down.sql", "": ""} {
		if got := find(&step{key: key}); got != want {
			t.Errorf("%q is taken back by %q, want %q", key, got, want)
		}
	}
	if read != 4 {
		t.Errorf("%d names were read, want 4", read)
	}
}
