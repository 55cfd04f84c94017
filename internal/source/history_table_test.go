package source

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// The names that projects give to history tables. What the tools' own command
// lines make of such projects is in testdata/tools/*-named.
func TestHistoryTable(t *testing.T) {
	const sql = "CREATE TABLE a (id int);\n"
	for _, c := range []struct {
		name, tool, file, text string
		others                 map[string]string
		want                   string
	}{
		{"goose, none", "goose", "1_a.sql", "-- +goose Up\n" + sql, nil, `"public"."goose_db_version"`},
		{"goose", "goose", "1_a.sql", "-- +goose Up\n" + sql, map[string]string{".env": "X=1\nGOOSE_TABLE='Ops.Deploys'\n"}, `"ops"."deploys"`},
		{"goose, quoted", "goose", "1_a.sql", "-- +goose Up\n" + sql, map[string]string{".env": "export GOOSE_TABLE=ops.\"De\"\"ploys\"\n"}, `"ops"."De""ploys"`},
		{"goose, commented", "goose", "1_a.sql", "-- +goose Up\n" + sql, map[string]string{".env": "#GOOSE_TABLE=deploys\n"}, `"public"."goose_db_version"`},
		{"tern", "tern", "1_a.sql", sql, map[string]string{"db/m/tern.conf": "[database]\nhost = x\nversion_table = deploys\n[data]\nversion_table = no\n"}, `"public"."deploys"`},
		{"tern, of the data", "tern", "1_a.sql", sql, map[string]string{"db/m/tern.conf": "[database]\n[data]\nversion_table = no\n"}, `"public"."schema_version"`},
		{"dbmate", "dbmate", "1_a.sql", "-- migrate:up\n" + sql + "-- migrate:down\n", map[string]string{".env": "DBMATE_MIGRATIONS_TABLE=Deploys"}, `"public"."Deploys"`},
		{"sql-migrate", "sql-migrate", "1_a.sql", "-- +migrate Up\n" + sql, map[string]string{"dbconfig.yml": "a: {table: deploys, schema: ops}\n"}, `"ops"."deploys"`},
		{"sql-migrate, environments differ", "sql-migrate", "1_a.sql", "-- +migrate Up\n" + sql, map[string]string{"dbconfig.yml": "a: {table: deploys}\nb: {table: others}\n"}, `"public"."gorp_migrations"`},
		{"golang-migrate", "golang-migrate", "1_a.up.sql", sql, map[string]string{"db/Makefile": "x-migrations-table=deploys&y"}, `"public"."deploys"`},
		{"golang-migrate, two", "golang-migrate", "1_a.up.sql", sql, map[string]string{"Makefile": "x-migrations-table=a\nx-migrations-table=b"}, `"public"."schema_migrations"`},
		{"node-pg-migrate", "node-pg-migrate", "1_a.sql", sql, map[string]string{"package.json": `{"scripts": {"m": "node-pg-migrate -t deploys up && x --migrations-schema no"}}`}, `"public"."deploys"`},
		{"postgrator", "postgrator", "1.do.sql", sql, map[string]string{".postgratorrc": `{"schemaTable": "deploys"}`}, `"public"."deploys"`},
		{"Flyway, conf", "flyway", "V1__a.sql", sql, map[string]string{"conf/flyway.conf": "flyway.url=x\nflyway.table=deploys\n"}, `"public"."deploys"`},
		{"Flyway, toml", "flyway", "V1__a.sql", sql, map[string]string{"flyway.toml": "[environments.a]\ntable = \"no\"\n[flyway]\nlocations = []\ntable = \"deploys\"\n"}, `"public"."deploys"`},
		{"Liquibase, Spring Boot", "liquibase", "a.sql", "--liquibase formatted sql\n--changeset a:b\n" + sql, map[string]string{"application.yml": "spring:\n  liquibase:\n    database-change-log-table: Deploys\n    liquibase-schema: ops\n"}, `"ops"."deploys"`},
		{"Liquibase, its own", "liquibase", "a.sql", "--liquibase formatted sql\n--changeset a:b\n" + sql, map[string]string{"liquibase.properties": "liquibase.command.defaultSchemaName=app\ndatabaseChangelogTableName = deploys\n"}, `"app"."deploys"`},
		{"Atlas", "atlas", "1_a.sql", sql, map[string]string{"atlas.hcl": "env \"a\" {\n  migration {\n    revisions_schema = \"public\"\n  }\n}\n"}, `"public"."atlas_schema_revisions"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree := fstest.MapFS{"db/m/" + c.file: {Data: []byte(c.text)}}
			for name, text := range c.others {
				tree[name] = &fstest.MapFile{Data: []byte(text)}
			}
			s := Review(nil, loadAt(t, tree, "db/m", c.tool), ReviewOptions{})
			if got := string(s.Runner.Table()); got != c.want {
				t.Errorf("the table is %s, want %s", got, c.want)
			}
			m := s.Head[0]
			for what, sql := range map[string]quote.SQL{"setup": s.Runner.Setup(), "applied": s.Runner.Applied(), "record": s.Runner.Record(m), "forget": forgets(s, m)} {
				if sql != "" && !strings.Contains(string(sql), c.want) && !strings.Contains(string(sql), strings.TrimPrefix(c.want, `"public".`)) {
					t.Errorf("%s is of another table: %s", what, sql)
				}
			}
		})
	}
}

func forgets(s *Source, m *lint.Migration) quote.SQL {
	if s.Undo == nil {
		return ""
	}
	return s.Undo.Forget(m)
}

// What migvet's configuration says wins; tools with one name refuse it.
func TestNameTable(t *testing.T) {
	tree := fstest.MapFS{
		"m/1_a.sql": {Data: []byte("-- +goose Up\nSELECT 1;\n")}, ".env": {Data: []byte("GOOSE_TABLE=other\n")},
	}
	found, err := At(tree, "m", "goose")
	if err != nil {
		t.Fatal(err)
	}
	if err := found.NameTable("ops.Deploys"); err != nil {
		t.Fatal(err)
	}
	folder, err := Load(tree, found)
	if err != nil {
		t.Fatal(err)
	}
	if got := Review(nil, folder, ReviewOptions{}).Runner.Table(); got != `"ops"."Deploys"` {
		t.Errorf("the table is %s", got)
	}
	found.Tool = Sqitch
	if err := found.NameTable("ops.deploys"); err == nil || !strings.Contains(err.Error(), "write ops.changes") {
		t.Errorf("Sqitch: %v", err)
	}
	if err := found.NameTable("ops.changes"); err != nil || found.historyTable(sqitchTable) != `"ops"."changes"` {
		t.Errorf("Sqitch: %v, %v", found, err)
	}
	found.Tool = Prisma
	if err := found.NameTable("deploys"); err == nil || !strings.Contains(err.Error(), "migvet knows that of Prisma by one name only") {
		t.Errorf("Prisma: %v", err)
	}
}

// A pull request that gives the history table another name makes all migrations
// run again.
func TestHistoryTableChanged(t *testing.T) {
	goose := "m/1_a.sql: -- +goose Up\nCREATE TABLE a (id int);\n"
	drizzle := []string{
		`drizzle/meta/_journal.json: {"version": "7", "dialect": "postgresql", "entries": [{"idx": 0, "version": "7", "when": 1767261600000, "tag": "0000_a", "breakpoints": true}]}`,
		"drizzle/0000_a.sql: CREATE TABLE a (id int);\n",
	}
	config := func(more string) string {
		return `drizzle.config.ts: export default { dialect: "postgresql", out: "./drizzle"` + more + " };"
	}
	for _, c := range []struct {
		name       string
		base, head []string
		want       string // of one finding: file and a part of its message; "" for none
	}{
		{"named", []string{goose}, []string{goose, ".env: GOOSE_TABLE=deploys\n"}, `.env: goose looks for what has run in "public"."deploys" and no more in "public"."goose_db_version", as on main`},
		{"no more", []string{goose, ".env: GOOSE_TABLE=deploys\n"}, []string{goose, ".env: X=1\n"}, `.env: goose looks for what has run in "public"."goose_db_version"`},
		{"file gone", []string{goose, ".env: GOOSE_TABLE=deploys\n"}, []string{goose}, `.env: goose looks for what has run in "public"."goose_db_version"`},
		{"the same", []string{goose, ".env: GOOSE_TABLE=deploys\n"}, []string{goose, ".env: export GOOSE_TABLE=Deploys\n"}, ""},
		{"schema", []string{"db/migration/V1__a.sql: SELECT 1;\n", "flyway.conf: flyway.schemas=app\n"}, []string{"db/migration/V1__a.sql: SELECT 1;\n", "flyway.conf: flyway.schemas=app2\n"}, `flyway.conf: Flyway looks for what has run in "app2"."flyway_schema_history"`},
		{"a second one", []string{"m/1_a.up.sql: SELECT 1;\n", "Makefile: up: x-migrations-table=a\n"}, []string{"m/1_a.up.sql: SELECT 1;\n", "Makefile: up: x-migrations-table=a\nother: x-migrations-table=b\n"}, ""},
		{"a variable", []string{"m/1_a.up.sql: SELECT 1;\n", "Makefile: up: x-migrations-table=a\n"}, []string{"m/1_a.up.sql: SELECT 1;\n", "Makefile: up: x-migrations-table=$(TABLE)\n"}, ""},
		{"a variable of .env", []string{goose, ".env: GOOSE_TABLE=deploys\n"}, []string{goose, ".env: GOOSE_TABLE=${NAME}\n"}, ""},
		{"a variable of Spring Boot", []string{"db/migration/V1__a.sql: SELECT 1;\n", "application.yml: spring.flyway.table: a\n"}, []string{"db/migration/V1__a.sql: SELECT 1;\n", "application.yml: spring.flyway.table: ${TABLE}\n"}, ""},
		{"a template of tern", []string{"m/1_a.sql: SELECT 1;\n", "m/tern.conf: [database]\nversion_table = a\n"}, []string{"m/1_a.sql: SELECT 1;\n", "m/tern.conf: [database]\nversion_table = {{env \"TABLE\"}}\n"}, ""},
		{"environments of sql-migrate", []string{"m/1_a.sql: -- +migrate Up\nSELECT 1;\n", "dbconfig.yml: a: {table: a}\n"}, []string{"m/1_a.sql: -- +migrate Up\nSELECT 1;\n", "dbconfig.yml: a: {table: a}\nb: {table: b}\n"}, ""},
		{"Drizzle", append(drizzle, config("")), append(drizzle, config(`, migrations: { schema: "public" }`)), `drizzle.config.ts: Drizzle looks for what has run in "public"."__drizzle_migrations" and no more in "drizzle"."__drizzle_migrations"`},
		{"Drizzle, the same", append(drizzle, config("")), append(drizzle, config(`, verbose: true`)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			base, head := tree(c.base...), tree(c.head...)
			found, err := Detect(head)
			if err != nil || len(found) != 1 {
				t.Fatalf("found %+v, %v", found, err)
			}
			to, err := Load(head, found[0])
			if err != nil {
				t.Fatal(err)
			}
			from, err := Load(base, to.On(base))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, f := range Review(from, to, ReviewOptions{Base: "main"}).Findings {
				if f.Rule == "history-table-changed" {
					got += f.Path + ": " + f.Message
				}
			}
			if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
				t.Errorf("reported %q, want %q", got, c.want)
			}
		})
	}
}
