package trial

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
)

// On a server of the user nothing that is there may change.
func TestNothingLasts(t *testing.T) {
	given := givenServer(t)
	err := given.Admin(t.Context(), func(conn *pgx.Conn) error {
		return session.Execute(t.Context(), conn, "CREATE ROLE lasting_reader; CREATE ROLE lasting_writer")
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		err := given.Admin(t.Context(), func(conn *pgx.Conn) error {
			return session.Execute(t.Context(), conn, "DROP ROLE lasting_reader; DROP ROLE lasting_writer")
		})
		if err != nil {
			t.Error(err)
		}
	}()
	for sql, want := range map[string]string{
		"ALTER SYSTEM SET work_mem = '5MB'":                    "the configuration would stay",
		"ALTER ROLE lasting_reader SET search_path = x":        "role lasting_reader would stay",
		"ALTER ROLE ALL SET search_path = x":                   "a role of the server would stay",
		"ALTER ROLE CURRENT_USER SET search_path = x":          "a role of the server would stay",
		"DROP ROLE IF EXISTS lasting_reader":                   "role lasting_reader would stay",
		"ALTER ROLE lasting_reader RENAME TO x":                "role lasting_reader would stay",
		"COMMENT ON ROLE lasting_reader IS 'x'":                "role lasting_reader would stay",
		"GRANT lasting_reader TO lasting_writer":               "the membership in role lasting_reader would stay",
		"ALTER DATABASE postgres SET work_mem = '5MB'":         "database postgres would stay",
		"ALTER DATABASE postgres OWNER TO lasting_reader":      "database postgres would stay",
		"GRANT CONNECT ON DATABASE postgres TO lasting_reader": "database postgres would stay",
		"COMMENT ON DATABASE postgres IS 'x'":                  "database postgres would stay",
		"DROP DATABASE postgres":                               "database postgres would stay",
		"DROP TABLESPACE pg_default":                           "tablespace pg_default would stay",
		"ALTER TABLESPACE pg_default SET (seq_page_cost = 2)":  "tablespace pg_default would stay",

		"ALTER DATABASE postgres RENAME TO x":                                                                                  "a database of the server would stay",
		"CREATE DATABASE lasting_db; ALTER DATABASE lasting_db RENAME TO x":                                                    "a database of the server would stay",
		"REASSIGN OWNED BY lasting_reader TO lasting_writer":                                                                   "role lasting_reader would stay",
		"CREATE ROLE lasting_new; REASSIGN OWNED BY lasting_new TO CURRENT_USER":                                               "a role of the server would stay",
		"DROP OWNED BY lasting_reader":                                                                                         "role lasting_reader would stay",
		"DROP OWNED BY CURRENT_USER":                                                                                           "a role of the server would stay",
		"CREATE ROLE lasting_new; ALTER ROLE lasting_new IN DATABASE postgres SET work_mem = '5MB'":                            "database postgres would stay",
		"SECURITY LABEL ON ROLE lasting_reader IS 'x'":                                                                         "role lasting_reader would stay",
		"SECURITY LABEL ON DATABASE postgres IS 'x'":                                                                           "database postgres would stay",
		"COMMENT ON TABLESPACE pg_default IS 'x'":                                                                              "tablespace pg_default would stay",
		"GRANT CREATE ON TABLESPACE pg_default TO lasting_reader":                                                              "tablespace pg_default would stay",
		"GRANT SET ON PARAMETER log_min_messages TO lasting_reader":                                                            "a parameter of the server would stay",
		"CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p":                                                              "the slot of a subscription would stay",
		"SELECT pg_create_physical_replication_slot('x')":                                                                      "what pg_create_physical_replication_slot() does would stay",
		"SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_stat_activity":                                                    "what pg_terminate_backend() does would stay",
		"SELECT dblink_exec('dbname=postgres', 'DROP TABLE x')":                                                                "what dblink_exec() does would stay",
		"CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'postgres')":                                        "what is reached through the foreign server s would stay",
		"UPDATE pg_authid SET rolsuper = true":                                                                                 "the catalog pg_authid of the server would stay",
		"DELETE FROM pg_catalog.pg_db_role_setting":                                                                            "the catalog pg_db_role_setting of the server would stay",
		"EXPLAIN ANALYZE DELETE FROM pg_auth_members":                                                                          "the catalog pg_auth_members of the server would stay",
		"DO $$BEGIN IF true THEN DROP OWNED BY lasting_reader; END IF; END$$":                                                  "role lasting_reader would stay",
		"DO $$BEGIN EXECUTE 'DROP OWNED BY lasting_reader'; END$$":                                                             "role lasting_reader would stay",
		"DO $$BEGIN PERFORM pg_terminate_backend(1); END$$":                                                                    "what pg_terminate_backend() does would stay",
		"CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$BEGIN LOOP ALTER ROLE lasting_reader NOLOGIN; END LOOP; END$$": "role lasting_reader would stay",
		"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DROP OWNED BY lasting_reader'":                                      "role lasting_reader would stay",
		"CREATE PROCEDURE f() LANGUAGE sql BEGIN ATOMIC DELETE FROM pg_authid; END":                                            "the catalog pg_authid of the server would stay",
		"SELECT 1;" + strings.Repeat("SELECT 1;", 10_000) + "DROP OWNED BY lasting_reader":                                     "cannot be read",
		"DO $$BEGIN " + strings.Repeat("NULL;\n", 50_000) + "DROP OWNED BY lasting_reader; END$$":                              "cannot be read",
		"DO $$BEGIN FOR r IN unknown_cursor LOOP DROP OWNED BY lasting_reader; END LOOP; END$$":                                "cannot be read",
		"CREATE FUNCTION f() RETURNS void LANGUAGE plperl AS 'spi_exec_query(q{DROP OWNED BY lasting_reader})'":                "cannot be read",

		"DO $$DECLARE r pg_class; BEGIN r.relname := 'x'; DROP OWNED BY lasting_reader; END$$":                      "role lasting_reader would stay",
		"DO $$DECLARE a bool; BEGIN a := pg_reload_conf(); END$$":                                                   "what pg_reload_conf() does would stay",
		"DO $$DECLARE a bool[]; BEGIN a[1] = pg_reload_conf(); a[length(pg_rotate_logfile()::text)] := true; END$$": "what pg_r",
		"DO $$DECLARE a bool[]; b int DEFAULT length(pg_rotate_logfile()::text); BEGIN END$$":                       "what pg_rotate_logfile() does would stay",
		"DO $$DECLARE r record; BEGIN SELECT 1 INTO r.a; r.a[pg_reload_conf()] := 1; END$$":                         "what pg_reload_conf() does would stay",
		"DO $$DECLARE r pg_class; BEGIN r.relname := 'x'; SELECT 1, 2 INTO r.relpages, r.relnatts; END$$":           "",
		"DO $$DECLARE n int := 0; a int[]; BEGIN FOR i IN 1..2 LOOP n := n + i; a[i] := n; EXIT WHEN n = 9; END LOOP; RAISE NOTICE 'n is % %', n, a; CASE n WHEN 1, 2 THEN NULL; ELSE GET DIAGNOSTICS n = ROW_COUNT; END CASE; WHILE n > 9 LOOP n := n - 1; END LOOP; FOREACH n IN ARRAY a LOOP ASSERT n IS NOT NULL, 'x'; END LOOP; EXECUTE 'SELECT $1' INTO n USING n; END$$": "",

		"CREATE ROLE lasting_new; CREATE ROLE lasting_two; DROP OWNED BY lasting_new; REASSIGN OWNED BY lasting_new TO lasting_two":                    "",
		"CREATE ROLE lasting_new; ALTER ROLE lasting_new RENAME TO lasting_two":                                                                        "",
		"DO $$BEGIN CREATE ROLE lasting_new; GRANT lasting_reader TO lasting_new; END$$":                                                               "",
		"SELECT 'DROP OWNED BY lasting_reader; ALTER SYSTEM'::text AS x, 1":                                                                            "",
		"CREATE ROLE lasting_new; ALTER ROLE lasting_new SET search_path = x; GRANT lasting_reader TO lasting_new; COMMENT ON ROLE lasting_new IS 'x'": "",
		"CREATE TABLE t (); GRANT SELECT ON t TO lasting_reader; COMMENT ON TABLE t IS 'x'; ALTER TABLE t OWNER TO CURRENT_USER":                       "",
	} {
		t.Run(sql[:min(len(sql), 100)], func(t *testing.T) {
			tree := fstest.MapFS{"m/1.sql": {Data: []byte(sql)}}
			found, err := source.At(tree, "m", "plain")
			if err != nil {
				t.Fatal(err)
			}
			head, err := source.Load(tree, found)
			if err != nil {
				t.Fatal(err)
			}
			result, err := Run(t.Context(), Options{Server: given, Source: source.Review(nil, head, source.ReviewOptions{})})
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, u := range result.Unchecked {
				said = append(said, u.Reason)
			}
			if got := strings.Join(said, "\n"); !strings.Contains(got, want) || (want == "") != (got == "") {
				t.Errorf("said %q, want %q", got, want)
			}
			if ran := result.Outcomes[0].Applied == DidApply; ran != (want == "") {
				t.Errorf("the migration: %s", result.Outcomes[0].Applied)
			}
		})
	}
}

// A database that migrations name is made on a server of the user, if its name is
// free, and does not last.
func TestNamedDatabase(t *testing.T) {
	given := givenServer(t)
	s := source.Review(nil, projectIn(t, "../../testdata/tools/graphile-migrate/base"), source.ReviewOptions{})
	if s.Database == "" {
		t.Fatal("the sample names no database")
	}
	result, err := Run(t.Context(), Options{Server: given, Source: s})
	if err != nil || !result.Applies || len(result.Unchecked) > 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	if err := given.CreateDatabaseAs(t.Context(), s.Database); err != nil {
		t.Fatalf("it is still there: %v", err)
	}
	defer func() {
		if err := given.DropDatabase(t.Context(), s.Database); err != nil {
			t.Error(err)
		}
	}()
	result, err = Run(t.Context(), Options{Server: given, Source: s})
	said := ""
	for _, u := range result.Unchecked {
		said += u.Reason
	}
	if err != nil || !strings.Contains(said, "database "+s.Database+" would stay") {
		t.Errorf("where there is one: %q, %v", said, err)
	}
}

// TestRolesOfBeforeGo takes back the roles that the file of before: names, which restoring
// it makes.
func TestRolesOfBeforeGo(t *testing.T) {
	given := givenServer(t)
	dump, err := source.ReadDump("legacy.sql", "CREATE TABLE legacy (id int);\nALTER TABLE legacy OWNER TO keeper_of_before;\nGRANT SELECT ON legacy TO auditor_of_before;\n")
	must(t, err)
	result := tryFiles(t, given, Options{Environment: Environment{Before: dump}}, "ALTER TABLE legacy ADD a int;", "ALTER TABLE legacy ADD b int;")
	if got := told(result); !strings.Contains(got, "made the roles that it names") {
		t.Errorf("said\n%s", got)
	}
	tr := trial{Options: Options{Server: given}}
	after, err := tr.readRoles(t.Context())
	must(t, err)
	for _, role := range []string{"keeper_of_before", "auditor_of_before"} {
		if _, there := after.roles[role]; there {
			t.Errorf("%s is left on the server", role)
		}
	}
}
