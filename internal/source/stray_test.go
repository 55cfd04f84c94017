package source

import "testing"

func TestReadStray(t *testing.T) {
	for sql, want := range map[string]Stray{
		"SELECT 1; INSERT INTO t VALUES (1); UPDATE t SET a = 1;":                                                      Harmless,
		"-- name: GetOrder :one\nSELECT * FROM orders WHERE id = $1;":                                                  Harmless,
		"CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0)); CREATE INDEX ON t (a);":                             Creates,
		"CREATE TABLE t (id int); ALTER TABLE t OWNER TO app; ALTER TABLE t ADD PRIMARY KEY (id);":                     Creates,
		"DROP TABLE IF EXISTS t; CREATE TABLE t (id int);":                                                             Creates,
		"DROP FUNCTION IF EXISTS f(); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';":                     Creates,
		"CREATE OR REPLACE VIEW v AS SELECT 1; GRANT SELECT ON v TO app;":                                              Creates,
		"GRANT SELECT ON orders TO app;":                                                                               Creates,
		"ALTER TABLE t DROP COLUMN d;":                                                                                 Alters,
		"alter table t add column d int;":                                                                              Alters,
		"ALTER TABLE t ADD CONSTRAINT d CHECK (a > 0);":                                                                Alters,
		"ALTER TABLE t RENAME TO u;":                                                                                   Alters,
		"CREATE TABLE u (id int); DROP VIEW v;":                                                                        Alters,
		"ALTER TYPE mood ADD VALUE 'fine';":                                                                            Alters,
		"DROP INDEX CONCURRENTLY orders_at_idx;":                                                                       Alters,
		"ALTER TABLE t ALTER COLUMN a FROBNICATE;":                                                                     Alters,
		"ALTER TABLE `t` ADD `a` INT AUTO_INCREMENT;":                                                                  Harmless,
		"BEGIN; SELECT plan(1); ALTER TABLE t ADD COLUMN a int; SELECT * FROM finish(); ROLLBACK;":                     Harmless,
		"--\n-- PostgreSQL database dump\n--\nALTER TABLE ONLY public.t DROP CONSTRAINT c;":                            Harmless,
		"DO $$ BEGIN ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0); EXCEPTION WHEN duplicate_object THEN NULL; END $$;": Alters,
		"DO $$ BEGIN EXECUTE format('DROP TABLE %I', 't'); END $$;":                                                    Alters,
		"CREATE TABLE a.t (id int); DO $$ BEGIN ALTER TABLE a.\"t\" ADD CONSTRAINT c CHECK (a > 0); END $$;":           Creates,
		"DO $$ BEGIN -- ALTER TABLE t\n PERFORM 1; END $$;":                                                            Harmless,
		"CREATE INDEX IF NOT EXISTS t_a ON t (a);":                                                                     Alters,
		"CREATE TABLE t (a int); CREATE INDEX ON t (a);":                                                               Creates,
		"-- ALTER TABLE t DROP COLUMN d;":                                                                              Harmless,
		"":                                                                                                             Harmless,
	} {
		if got := ReadStray(sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

func TestStrayFile(t *testing.T) {
	for name, want := range map[string]bool{
		"db/changes/2026/drop_title.sql":   true,
		"schema/v1.1/drop.sql":             true,
		"release.SQL":                      true,
		"functions/close_order.sql":        true,
		"db/schema.sql":                    false,
		"db/schema_test.sql":               false,
		"db/structure.sql":                 false,
		"seed.sql":                         false,
		"db/seeds/people.sql":              false,
		"supabase/tests/database/01_a.sql": false,
		"queries/report.sql":               false,
		"orders_queries.sql":               false,
		"deploy/verify/a.sql":              false,
		"sql/mysql/2.sql":                  false,
		"x/0001_a.down.sql":                false,
		"db/migrations/2_a/down.sql":       false,
		"migrations/002.undo.add-b.sql":    false,
		"migrations/undo_002.x.sql":        true,
		"README.md":                        false,
	} {
		if got := StrayFile(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCodeMigration(t *testing.T) {
	for _, test := range []struct {
		name, text   string
		beside       bool
		want, prints string
	}{
		{"shop/migrations/0002_total.py", "class Migration(migrations.Migration):\n    pass\n", false, "a migration in Python (Django)", "python manage.py sqlmigrate APP NAME"},
		{"alembic/versions/1a2b_total.py", "revision = '1a2b'\ndown_revision = '0a'\n", false, "a migration in Python (Alembic)", "alembic upgrade BEFORE:THIS --sql"},
		{"db/migrate/20260101000000_total.rb", "class Total < ActiveRecord::Migration[8.0]\nend\n", false, "a migration in Ruby (Rails)", ""},
		{"src/migration/1700000000000-total.ts", "export class Total1700000000000 implements MigrationInterface {}", false, "a migration in TypeScript (TypeORM)", ""},
		{"migrations/20260101_total.js", "exports.up = function (knex) { return knex.schema.table('t') }", false, "a migration in JavaScript (Knex)", ""},
		{"src/database/1700000000000-total.ts", "export class Total1700000000000 implements MigrationInterface {}", false, "a migration in TypeScript (TypeORM)", ""},
		{"Data/Changes/20260101_Total.cs", "public partial class Total : Migration { protected override void Up(MigrationBuilder b) {} }", false, "a migration in C# (Entity Framework Core)", "dotnet ef migrations script BEFORE THIS"},
		{"server/db/20260101-total.js", "module.exports = { up: (queryInterface) => queryInterface.dropTable('t') }", false, "a migration in JavaScript (Sequelize)", ""},
		{"server/20260101-total.js", "exports.up = async (k) => { await k.schema.dropTable('t') }", false, "", ""},
		{"e2e/1700000000000-total.ts", "class Total implements MigrationInterface {}", false, "", ""},
		{"migrations/20260101_total.mjs", "export async function up(k) {\n  await k.schema.dropTable('t')\n}", false, "a migration in JavaScript", ""},
		{"migrations/total.ts", "export const up = async ({ context }) => { await context.query('DROP TABLE t') }", false, "a migration in TypeScript", ""},
		{"migrations/total.js", "module.exports = { async up(db) { await db.collection('t').drop() } }", false, "", ""},
		{"db/release-2/total.xml", "<databaseChangeLog><changeSet id='2' author='a'><dropTable tableName='t'/></changeSet></databaseChangeLog>", false, "a changelog in XML (Liquibase)", "liquibase update-sql"},
		{"db/changes/2.yml", "databaseChangeLog:\n- changeSet: {id: 2, author: a}\n", false, "a changelog in YAML (Liquibase)", "liquibase update-sql"},
		{"app/res/total.xml", "<resources><string name='changeSet'>databaseChangeLog</string></resources>", false, "", ""},
		{"migrations/0002_b.up.go", "package migrations", true, "a migration in Go", ""},
		{"migrations/0002_b.up.go", "package migrations", false, "", ""},
		{"migrations/embed.go", "package migrations\n\n//go:embed *.sql", true, "", ""},
		{"migrations/0002_b_test.go", "package migrations", true, "", ""},
		{"migrations/meta/0001.json", "{}", true, "", ""},
		{"docs/conf.py", "down_revision = 1", false, "", ""},
	} {
		what, prints := CodeMigration(test.name, test.text, test.beside)
		if what != test.want || prints != test.prints {
			t.Errorf("%s: %q, %q", test.name, what, prints)
		}
	}
}

func TestStrayEnding(t *testing.T) {
	for _, test := range []struct {
		name   string
		beside bool
		want   bool
	}{
		{"db/migrations/0001_a.up.tmpl", false, true},
		{"db/changes/2-b.sql.j2", false, true},
		{"db/changes/V1.2.tpl", false, true},
		{"db/changes/add_b.sql.erb", true, true},
		{"db/changes/add_b.sql.erb", false, false},
		{"db/changes/add_b.PSQL", false, true},
		{"db/changes/0001_a.ddl", true, true},
		{"db/migrations/0001_a.down.tmpl", true, false},
		{"db/migrations/0001_a.undo.sql.j2", true, false},
		{"db/migrations/down.psql", true, false},
		{"db/migrations/0001_a.go.tmpl", true, false},
		{"alembic/script.py.mako", false, false},
		{"tests/0001_a.sql.j2", false, false},
		{"db/migrations/0001_a.sql", true, false},
		{"db/migrations/README.md", true, false},
	} {
		if got := StrayEnding(test.name, test.beside); got != test.want {
			t.Errorf("%s, beside SQL %t: %t", test.name, test.beside, got)
		}
	}
}
