package trial

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

func TestDebianPackage(t *testing.T) {
	for extension, want := range map[string]string{
		"vector": "postgresql-16-pgvector", "postgis_topology": "postgresql-16-postgis-3", "pg_cron": "postgresql-16-cron",
		"pgcrypto": "postgresql-16", "plpython3u": "postgresql-plpython3-16", "ip4r": "postgresql-16-ip4r", "plpgsql_check": "postgresql-16-plpgsql-check",
		"pgsodium": "", "supabase_vault": "", "company_tools": "", "plv8": "",
	} {
		if got := debianPackage(extension, 16); got != want {
			t.Errorf("%s is in %q, want %q", extension, got, want)
		}
	}
}

func TestMissingObject(t *testing.T) {
	for message, want := range map[string]object{
		`type "vector" does not exist`:                                          {"type", "", "vector"},
		`type "gis.geometry[]" does not exist`:                                  {"type", "gis", "geometry"},
		`type public.geography does not exist`:                                  {"type", "public", "geography"},
		`function ops.f(integer, text) does not exist`:                          {"function", "ops", "f"},
		`relation "auth.identities" does not exist`:                             {"relation", "auth", "identities"},
		`schema "cron" does not exist`:                                          {"schema", "", "cron"},
		`operator class "gin_trgm_ops" does not exist for access method "gin"`:  {"operator class", "", "gin_trgm_ops"},
		`unrecognized configuration parameter "app.tenant"`:                     {"parameter", "", "app.tenant"},
		`data type uuid has no default operator class for access method "gist"`: {"default operator class", "", "gist"},
		`data type json has no default operator class for access method "gin"`:  {},
		`column "x" does not exist`:                                             {},
		`relation "t" already exists`:                                           {},
	} {
		if got, found := missingObject(message); got != want || found != (want != object{}) {
			t.Errorf("%s: %+v, want %+v", message, got, want)
		}
	}
}

// TestMembersHaveOneExtension keeps the extension that is named from being another in
// each run.
func TestMembersHaveOneExtension(t *testing.T) {
	of := map[string]string{}
	for extension, has := range membersOf {
		for _, kind := range []string{"type", "relation", "function", "language"} {
			for _, m := range has.of(kind) {
				m = kind + " " + m
				if of[m] != "" {
					t.Errorf("%s is in %s and %s", m, of[m], extension)
				}
				of[m] = extension
			}
		}
	}
}

// TestExtensionOf takes no table of an application for a function of an extension.
func TestExtensionOf(t *testing.T) {
	for o, want := range map[object]string{
		{"function", "", "digest"}:                  "pgcrypto",
		{"relation", "", "digest"}:                  "",
		{"type", "", "digest"}:                      "",
		{"relation", "", "similarity"}:              "",
		{"relation", "", "vector"}:                  "",
		{"type", "", "vector"}:                      "vector",
		{"function", "", "hstore"}:                  "hstore",
		{"relation", "public", "spatial_ref_sys"}:   "postgis",
		{"text search dictionary", "", "unaccent"}:  "unaccent",
		{"access method", "", "hnsw"}:               "vector",
		{"operator class", "", "gin_trgm_ops"}:      "pg_trgm",
		{"default operator class", "", "gist"}:      "btree_gist",
		{"language", "", "plpython3u"}:              "plpython3u",
		{"parameter", "", "vector"}:                 "",
		{"relation", "cron", "job"}:                 "pg_cron",
		{"function", "billing", "gen_random_bytes"}: "",
	} {
		if got := extensionOf(o); got != want {
			t.Errorf("%v is of %q, want %q", o, got, want)
		}
	}
}

func TestExtensionMissing(t *testing.T) {
	for _, test := range []struct{ sql, state, message, want string }{
		{"CREATE EXTENSION hypopg", "58P01", "could not open the file", "hypopg"},
		{"DO $$ BEGIN END $$", "0A000", `extension "pg_trgm" is not available`, "pg_trgm"},
		{"SELECT f()", "58P01", `could not open extension control file "/usr/share/x/extension/uuid-ossp.control": No such file or directory`, "uuid-ossp"},
		{"SELECT f()", "22023", `extension "ltree" has no installation script nor update path for version "9.9"`, "ltree"},
		{"CREATE EXTENSION pgaudit", "55000", "pgaudit must be loaded via shared_preload_libraries", "pgaudit"},
		{"CREATE EXTENSION timescaledb", "XX000", `extension "timescaledb" must be preloaded`, "timescaledb"},
		{"CREATE EXTENSION hstore", "55000", "cannot do this", ""},
		{"SELECT f()", "0A000", "cannot do this", ""},
		{"SELECT f()", "P0001", `extension "pg_trgm" is not available`, ""},
	} {
		s, _ := lint.Parse(test.sql)
		got, missing := extensionMissing(&session.Refused{Statement: s[0], Err: &lint.SQLError{SQLState: test.state, Message: test.message}})
		if got != test.want || missing != (test.want != "") {
			t.Errorf("%s: %s: %q (%t), want %q", test.sql, test.message, got, missing, test.want)
		}
	}
}

// lack is what is said about a refusal of one statement, with SQL of other migrations.
func lack(t *testing.T, environment Environment, message, sql, others string) string {
	t.Helper()
	s, _ := lint.Parse(sql)
	m := &lint.Migration{Path: "2.sql", Name: "2", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
	other := &lint.Migration{Path: "1.sql", Name: "1", Source: others, Chunks: []lint.Span{{Start: 0, End: len(others)}}}
	tr := trial{
		Options: Options{Source: &source.Source{Dir: "db", Tool: source.Plain, Head: []*lint.Migration{other, m}, History: &lint.History{}}, Environment: environment, Server: &postgres.Server{}},
		result:  &Result{},
	}
	text := ""
	o, _ := missingObject(message)
	for _, f := range []func(object, *session.Refused) string{tr.extensionLack, tr.roleLack, tr.platformLack, tr.settingLack, tr.historyLack} {
		if text == "" {
			text = f(o, &session.Refused{Migration: m, Statement: s[0], Err: &lint.SQLError{Message: message}})
		}
	}
	return text
}

func TestLacks(t *testing.T) {
	supabase := Environment{Presets: presets.Named("supabase")}
	for _, test := range []struct {
		environment          Environment
		message, sql, others string
		want                 string // "" when the migrations are to blame
	}{
		{Environment{}, `type "public.geometry" does not exist`, "SELECT 1", "", "extensions: [postgis]"},
		{Environment{}, `type public.geography does not exist`, "SELECT 1", "", "extensions: [postgis]"},
		{Environment{}, `type "citext" does not exist`, "SELECT 1", "CREATE EXTENSION citext", ""},
		{Environment{}, `extension "hstore" does not exist`, "ALTER EXTENSION hstore UPDATE", "", "extensions: [hstore]"},
		{Environment{}, `schema "cron" does not exist`, "SELECT cron.schedule('a', '* * * * *', 'SELECT 1')", "", "extensions: [pg_cron]"},
		{Environment{}, `access method "hnsw" does not exist`, "SELECT 1", "", "extensions: [vector]"},
		{Environment{}, `function similarity(text, text) does not exist`, "SELECT 1", "CREATE FUNCTION similarity(a text, b text) RETURNS int", ""},
		{Environment{}, `function extensions.digest(text, unknown) does not exist`, "SELECT 1", "", "extensions: [pgcrypto]"},
		{Environment{}, `function app.digest(text) does not exist`, "SELECT 1", "", ""},
		{Environment{}, `role "anon" does not exist`, "SELECT 1", "", "presets: [supabase]"},
		{Environment{}, `role "reporting" does not exist`, "SELECT 1", "", "roles: [reporting]"},
		{Environment{}, `schema "auth" does not exist`, "ALTER TABLE a ALTER b SET DEFAULT auth.session() ->> 'sub'", "", "presets: [neon]"},
		{Environment{}, `schema "auth" does not exist`, "CREATE TABLE auth.keys (a int)", "SELECT auth.uid()", "presets: [supabase]"},
		{Environment{}, `schema "auth" does not exist`, "CREATE TABLE auth.keys (a int)", "", "CREATE SCHEMA auth"},
		{Environment{}, `schema "auth" does not exist`, "CREATE TABLE auth.keys (a int)", "create schema if not exists auth;", ""},
		{supabase, `function auth.session() does not exist`, "SELECT auth.session()", "", "presets: [supabase, neon]"},
		{supabase, `relation "auth.flow_state" does not exist`, "SELECT 1 FROM auth.flow_state", "", "the preset supabase makes no such relation"},
		{supabase, `relation "users" does not exist`, "SELECT 1 FROM users", "", ""},
		{Environment{}, `schema "app" does not exist`, "SELECT 1", "", ""},
		{Environment{}, `type "color" does not exist`, "SELECT 1", "", ""},
		{Environment{}, `function f(integer) does not exist`, "SELECT 1", "", ""},
		{Environment{}, `relation "schema_migrations" does not exist`, "SELECT 1", "", "history-table: schema_migrations"},
		{Environment{}, `relation "ops.flyway_schema_history" does not exist`, "SELECT 1", "", "history-table: ops.flyway_schema_history"},
		{Environment{}, `relation "migrations" does not exist`, "SELECT 1", `CREATE TABLE IF NOT EXISTS "migrations" (a int)`, ""},
		{Environment{}, `relation "orders" does not exist`, "SELECT 1", "", ""},
		{Environment{}, `unrecognized configuration parameter "app.tenant"`, "SELECT 1", "", "SET app.tenant"},
		{Environment{}, `unrecognized configuration parameter "work_men"`, "SELECT 1", "", ""},
	} {
		got := lack(t, test.environment, test.message, test.sql, test.others)
		if (got != "") != (test.want != "") || !strings.Contains(got, test.want) {
			t.Errorf("%s in %s with %q: %q, want %q", test.message, test.sql, test.others, got, test.want)
		}
	}
}

func TestLaterVersion(t *testing.T) {
	for _, test := range []struct {
		sql, state, message string
		server, want        int
	}{
		{"SELECT uuidv7()", "42883", "function uuidv7() does not exist", 15, 18},
		{"SELECT uuidv7()", "42883", "function uuidv7() does not exist", 18, 0},
		{"SELECT 1 FROM event_triggers", "42P01", `relation "event_triggers" does not exist`, 15, 0},
		{"SELECT 1 FROM pg_stat_io", "42P01", `relation "pg_stat_io" does not exist`, 15, 16},
		{"SELECT NULL::gamma", "42704", `type "gamma" does not exist`, 15, 0},
		{"SELECT NULL::int4multirange", "42704", `type "int4multirange" does not exist`, 13, 14},
		{"GRANT maintain TO a", "42704", `role "maintain" does not exist`, 15, 0},
		{"SELECT any_value(a) FROM t", "42883", "function any_value(text) does not exist", 15, 16},
		{"SELECT app.any_value(a) FROM t", "42883", "function app.any_value(text) does not exist", 15, 0},
		{"SET transaction_timeout = 0", "42704", `unrecognized configuration parameter "transaction_timeout"`, 16, 17},
		{"GRANT MAINTAIN ON t TO a", "42601", `unrecognized privilege type "maintain"`, 16, 17},
		{"GRANT pg_checkpoint TO a", "42704", `role "pg_checkpoint" does not exist`, 14, 15},
		{"SELECT a FROM (SELECT 1 AS a)", "42601", "subquery in FROM must have an alias", 15, 16},
		{"MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DO NOTHING", "42601", `syntax error at or near "MERGE"`, 14, 15},
		{"MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE", "42601", `syntax error at or near "BY"`, 16, 17},
		{"CREATE TYPE mood AS ENUM ('calm')", "55P04", `unsafe use of new value "cross" of enum type mood`, 15, 17},
		{"CREATE TYPE app.mood AS ENUM ('calm')", "55P04", `unsafe use of new value "cross" of enum type app.mood`, 17, 0},
		{"ALTER TYPE mood ADD VALUE 'cross'", "55P04", `unsafe use of new value "cross" of enum type mood`, 15, 0},
		{"DO $$ BEGIN SELEC 1; END $$", "42601", `syntax error at or near "SELEC"`, 15, 0},
		{"CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETUR 1; END $$", "42601", `syntax error at or near "RETUR"`, 15, 0},
		{"CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN IF true THEN MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE; END IF; END $$", "42601", `syntax error at or near "by"`, 15, 17},
		{"CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN IF true THEN MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE; END IF; END $$", "42601", `syntax error at or near "by"`, 17, 0},
		{"DO $$ BEGIN MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DO NOTHING; END $$", "42601", `syntax error at or near "MERGE"`, 14, 15},
		{"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE'", "42601", `syntax error at or near "BY"`, 15, 17},
		{"SELECT JSON_OBJECT('a': 1)", "42601", `syntax error at or near ":"`, 15, 16},
		{"SELECT a FROM (SELECT 1 AS a)", "42601", "subquery in FROM must have an alias", 16, 0},
		{"SELEC 1", "42601", `syntax error at or near "SELEC"`, 15, 0},
		{"SELECT 1", "42P01", `relation "t" does not exist`, 15, 0},
	} {
		m := &lint.Migration{Source: test.sql}
		s := m.Statements()
		got := laterVersion(&session.Refused{Migration: m, Statement: s[0], Err: &lint.SQLError{SQLState: test.state, Message: test.message}}, test.server)
		if got != test.want {
			t.Errorf("%s on %d: %d, want %d", test.sql, test.server, got, test.want)
		}
	}
}

// TestPresets makes every platform's stand-ins as the owner of a database.

func TestPresets(t *testing.T) {
	server := postgrestest.Start(t)
	for _, names := range [][]string{{"supabase"}, {"neon"}, {"hasura"}, {"nhost"}, {"supabase", "neon"}, {"hasura", "nhost"}, presets.Names()} {
		tr := trial{Options: Options{Server: server, Source: &source.Source{History: &lint.History{}}, Environment: Environment{Presets: presets.Named(names...)}}, result: &Result{}}
		before, err := tr.readRoles(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		database, err := server.CreateDatabase(t.Context(), "preset", "")
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.furnish(t.Context(), database); err != nil {
			t.Errorf("%v: %v", names, err)
		}
		if err := server.DropDatabase(t.Context(), database); err != nil {
			t.Fatal(err)
		}
		if err := tr.putRolesBack(t.Context(), before); err != nil {
			t.Errorf("%v: %v", names, err)
		}
	}
}

// TestRolesGiveNothing names the roles of the server's own in the configuration.
func TestRolesGiveNothing(t *testing.T) {
	server := postgrestest.Start(t)
	tr := trial{Options: Options{Server: server, Source: &source.Source{History: &lint.History{}}, Environment: Environment{Roles: []string{postgres.SuperuserName, postgres.FillerName, "pg_execute_server_program"}}}}
	database := postgrestest.Database(t, server)
	if err := tr.furnish(t.Context(), database); err != nil && !strings.Contains(err.Error(), "reserved") {
		t.Fatal(err)
	}
	conn, err := tr.connect(t.Context(), database, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var member int
	err = conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole").Scan(&member)
	if err != nil || member != 0 {
		t.Errorf("the owner is a member of %d roles (%v)", member, err)
	}
}
