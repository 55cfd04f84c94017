package source

import (
	"strings"
	"testing"
	"testing/fstest"

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
			if got := s.Runner.Table(); got != c.want {
				t.Errorf("the table is %s, want %s", got, c.want)
			}
			m := s.Head[0]
			for what, sql := range map[string]string{"setup": s.Runner.Setup(), "applied": s.Runner.Applied(), "record": s.Runner.Record(m), "forget": forgets(s, m)} {
				if sql != "" && !strings.Contains(sql, c.want) && !strings.Contains(sql, strings.TrimPrefix(c.want, `"public".`)) {
					t.Errorf("%s is of another table: %s", what, sql)
				}
			}
		})
	}
}

func forgets(s *Source, m *lint.Migration) string {
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
