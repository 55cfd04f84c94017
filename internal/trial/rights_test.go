package trial

import (
	"maps"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
)

const rightsBase = "CREATE TABLE people (id int PRIMARY KEY, name text);"

func reasons(result *Result) string {
	var all []string
	for _, u := range result.Unchecked {
		all = append(all, u.Reason)
	}
	for _, f := range result.Findings {
		all = append(all, f.Message)
	}
	return strings.Join(all, "\n")
}

// TestExtensionAlone names extensions that need a superuser. The migration has no
// more rights for that, and it is told.
func TestExtensionAlone(t *testing.T) {
	const noSuperuser = `DO $$BEGIN IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RAISE 'superuser'; END IF; END$$;`
	const mine = `DO $$BEGIN
		IF (SELECT extowner::regrole::text FROM pg_extension WHERE extname = 'pg_stat_statements') <> current_user THEN RAISE 'not mine'; END IF;
		IF (SELECT count(*) FROM pg_proc WHERE proname LIKE 'pg_stat_statements%' AND proowner = current_user::regrole) > 0 THEN RAISE 'its functions are mine'; END IF;
	END$$;`
	const refused = `DO $$BEGIN
		BEGIN PERFORM pg_catalog.migvet_extension(NAME, NULL, NULL, false, false, SCHEMA, current_user); EXCEPTION WHEN insufficient_privilege THEN RETURN; END;
		RAISE 'made';
	END$$;`
	for name, test := range map[string]struct{ sql, want string }{
		"beside others":       {noSuperuser + `CREATE EXTENSION IF NOT EXISTS pg_stat_statements;` + noSuperuser + mine, "may create the extension pg_stat_statements"},
		"in a schema":         {`CREATE SCHEMA e; CREATE EXTENSION pg_stat_statements SCHEMA e; SELECT * FROM e.pg_stat_statements_info LIMIT 0;`, "may create the extension pg_stat_statements"},
		"of a version":        {`CREATE EXTENSION pg_stat_statements WITH VERSION '1.9' CASCADE; COMMENT ON EXTENSION pg_stat_statements IS 'x';`, "may create the extension pg_stat_statements"},
		"taken back":          {`CREATE EXTENSION pg_stat_statements; DROP EXTENSION pg_stat_statements; CREATE EXTENSION "pg_stat_statements";`, "may create the extension pg_stat_statements"},
		"a trigger function":  {`CREATE EXTENSION moddatetime; ALTER TABLE people ADD seen timestamptz; CREATE TRIGGER seen BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION moddatetime(seen);`, "may create the extension moddatetime"},
		"one that is no such": {`CREATE EXTENSION pg_stat_statements; CREATE EXTENSION file_fdw;`, "permission denied to create extension"},
		"asked for another":   {`CREATE EXTENSION pg_stat_statements;` + strings.NewReplacer("NAME", "'dblink'", "SCHEMA", "'public'").Replace(refused), "may create the extension pg_stat_statements"},
		"in pg_catalog":       {`CREATE EXTENSION pg_stat_statements;` + strings.NewReplacer("NAME", "'xml2'", "SCHEMA", "'pg_catalog'").Replace(refused), "may create the extension pg_stat_statements"},
		"one that a role may": {`CREATE EXTENSION hstore;` + noSuperuser, ""},
		"an error behind":     {"CREATE EXTENSION IF NOT EXISTS pg_stat_statements;\nSELECT 'ä', nothing;", "column \"nothing\" does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			onEachServer(t, func(t *testing.T, server *postgres.Server) {
				want := test.want
				if !server.Sandboxed() && want != "" {
					want = "permission denied to create extension" // nothing is elevated
				}
				result := tryFiles(t, server, Options{}, rightsBase, test.sql)
				got := reasons(result)
				if !strings.Contains(got, want) || want == "" && got != "" || strings.Contains(got, "superuser\"") {
					t.Errorf("said %q, want %q", got, want)
				}
				if !server.Sandboxed() {
					return
				}
				if name == "an error behind" && (len(result.Findings) == 0 || test.sql[result.Findings[0].Start:] != "nothing;") {
					t.Errorf("it is not placed: %+v", result.Findings)
				}
				if strings.HasPrefix(want, "may create") && strings.Contains(got, "does not apply") {
					t.Errorf("said %q", got)
				}
			})
		})
	}
}

// TestRolesArePutBack changes the roles that a trial runs with. Each part begins
// with them as they were, tables are filled, and the server has them so in the end.
func TestRolesArePutBack(t *testing.T) {
	const began = `DO $$BEGIN
		IF (SELECT rolsuper OR NOT rolcanlogin OR rolcreaterole FROM pg_roles WHERE rolname = 'migvet_filler') THEN RAISE 'the filler is another'; END IF;
		IF (SELECT rolconnlimit FROM pg_roles WHERE rolname = 'postgres') <> -1 THEN RAISE 'the owner is another'; END IF;
		IF NOT pg_has_role('migvet_filler', 'postgres', 'USAGE') THEN RAISE 'the filler is no member'; END IF;
		IF EXISTS (SELECT FROM pg_db_role_setting s WHERE 'work_mem=123kB' = ANY (s.setconfig)) THEN RAISE 'a setting is left'; END IF;
		IF pg_has_role('pg_monitor', 'postgres', 'USAGE') THEN RAISE 'a membership is left'; END IF;
	END$$;`
	for name, change := range map[string]string{
		"attributes":  "ALTER ROLE migvet_filler SUPERUSER CREATEROLE NOLOGIN VALID UNTIL '2001-01-01' PASSWORD 'x'; ALTER ROLE postgres CONNECTION LIMIT 12",
		"memberships": "REVOKE postgres FROM migvet_filler; GRANT postgres TO pg_monitor",
		"dropped":     "DROP ROLE migvet_filler",
		"settings":    "ALTER ROLE migvet_filler RESET ALL; ALTER ROLE migvet_filler SET work_mem = '123kB'; ALTER ROLE postgres SET work_mem = '123kB'; ALTER ROLE ALL SET work_mem = '123kB'",
		"a new one":   "CREATE ROLE another IN ROLE postgres; GRANT another TO migvet_filler; ALTER ROLE another SET work_mem = '123kB'",
	} {
		t.Run(name, func(t *testing.T) {
			onEachServer(t, func(t *testing.T, server *postgres.Server) {
				tr := trial{Options: Options{Server: server}}
				before, err := tr.readRoles(t.Context())
				must(t, err)
				down := "ALTER TABLE people ADD COLUMN age int;"
				result := tryFiles(t, server, Options{Superuser: true}, rightsBase, began+change+";"+down)
				if got := reasons(result); got != "" {
					t.Errorf("said %q", got)
				}
				after, err := tr.readRoles(t.Context())
				must(t, err)
				if changed := after.differs(before); len(changed) > 0 || !maps.Equal(before.roles, after.roles) {
					t.Errorf("not as before: %v", changed)
				}
			})
		})
	}
}

// TestRolesOfTheOwner does what an owner could do to the filler before 16, in the
// base, so that each part begins with it.
func TestRolesOfTheOwner(t *testing.T) {
	onEachServer(t, func(t *testing.T, server *postgres.Server) {
		const change = `DO $$BEGIN
			BEGIN REVOKE postgres FROM migvet_filler; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
			BEGIN ALTER ROLE migvet_filler NOLOGIN; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
		END$$;`
		result := tryFiles(t, server, Options{}, rightsBase+change, change+"ALTER TABLE people ADD COLUMN age int NOT NULL;")
		if got := reasons(result); strings.Contains(got, "filled") || !strings.Contains(got, "age") {
			t.Errorf("said %q", got)
		}
	})
}

// TestApplicationName: SQL cannot tell a trial from its tool by what it is called.
func TestApplicationName(t *testing.T) {
	onEachServer(t, func(t *testing.T, server *postgres.Server) {
		result := tryFiles(t, server, Options{}, rightsBase, `DO $$BEGIN
			IF current_setting('application_name') <> 'psql' OR EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE '%migvet%') THEN RAISE 'seen'; END IF;
		END$$`)
		if got := reasons(result); got != "" {
			t.Errorf("said %q", got)
		}
	})
}
