package trial

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
)

// A trap is a file in the data directory: only a superuser can write it, sandbox
// or not, and nothing that a trial puts back removes it.
type trap struct {
	server *postgres.Server
	path   string
}

func newTrap(t *testing.T, server *postgres.Server) trap {
	t.Helper()
	tr := trap{server: server}
	name := fmt.Sprintf("/migvet_trap_%s", strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, t.Name()))
	tr.path = tr.ask(t, "SELECT current_setting('data_directory')") + name
	return tr
}

func (tr trap) ask(t *testing.T, sql quote.SQL) (answer string) {
	t.Helper()
	err := tr.server.Admin(t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(t.Context(), sql.ForServer()).Scan(&answer)
	})
	must(t, err)
	return answer
}

// spring is the statement that a superuser alone can run.
func (tr trap) spring() string { return "COPY (SELECT 1) TO " + string(quote.Text(tr.path)) }

// function is public.trap(), which springs it if it can and says nothing if not.
func (tr trap) function(result string) string {
	return fmt.Sprintf(`CREATE FUNCTION public.trap() RETURNS %s LANGUAGE plpgsql AS $f$ BEGIN
		BEGIN %s; EXCEPTION WHEN OTHERS THEN NULL; END; RETURN %s; END $f$;`, result, tr.spring(), map[string]string{"bool": "true", "int": "1"}[result])
}

func (tr trap) sprung(t *testing.T) bool {
	t.Helper()
	return tr.ask(t, "SELECT ((pg_stat_file("+quote.Text(tr.path)+", true)).size IS NOT NULL)::text") == "true"
}

// tryFiles tries plain SQL files: the first is the base.
func tryFiles(t *testing.T, server *postgres.Server, o Options, files ...string) *Result {
	t.Helper()
	tree := fstest.MapFS{}
	for i, sql := range files {
		tree[fmt.Sprintf("m/%04d_x.sql", i+1)] = &fstest.MapFile{Data: []byte(sql)}
	}
	found, err := source.At(tree, "m", "plain")
	must(t, err)
	head, err := source.Load(tree, found)
	must(t, err)
	base, err := head.Until("0001_x")
	must(t, err)
	o.ProbeTime = time.Minute
	o.Server, o.Source = server, source.Review(base, head, source.ReviewOptions{})
	result, err := Run(t.Context(), o)
	must(t, err)
	return result
}

func onEachServer(t *testing.T, test func(*testing.T, *postgres.Server)) {
	t.Helper()
	for _, version := range postgrestest.Versions(t) {
		server := postgrestest.Server(t, version)
		t.Run(fmt.Sprintf("postgres %d", server.Major()), func(t *testing.T) { test(t, server) })
	}
}

// TestTrapWorks is what makes the others mean something.
func TestTrapWorks(t *testing.T) {
	onEachServer(t, func(t *testing.T, server *postgres.Server) {
		tr := newTrap(t, server)
		if tr.sprung(t) {
			t.Fatal("it is there before")
		}
		database := postgrestest.Database(t, server)
		conn, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Superuser, database))
		must(t, err)
		defer conn.Close(context.WithoutCancel(t.Context()))
		must(t, session.Execute(t.Context(), conn, session.BranchSQL(tr.function("bool")+"SELECT public.trap()")))
		if !tr.sprung(t) {
			t.Error("a superuser does not spring it")
		}
	})
}

// operators are exact matches for what our queries compare.
func (tr trap) operators() string {
	sql := tr.function("bool")
	for _, types := range [][2]string{{"oid", "oid"}, {"oid", "int4"}, {"name", "text"}, {"name", "name"}, {"text", "text"}, {"text", "name"}, {"\"char\"", "\"char\""}, {"\"char\"", "text"}, {"int4", "int4"}, {"int2", "int4"}, {"int8", "int4"}} {
		name := strings.Map(func(r rune) rune {
			if r == '"' {
				return -1
			}
			return r
		}, "f_"+types[0]+"_"+types[1])
		sql += fmt.Sprintf("CREATE FUNCTION public.%s(%s, %s) RETURNS bool LANGUAGE sql AS 'SELECT public.trap()';", name, types[0], types[1])
		for _, operator := range []string{"=", "<", ">", "<>", ">=", "~~", "!~~", "!~"} {
			sql += fmt.Sprintf("CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.%s);", operator, types[0], types[1], name)
		}
	}
	return sql
}

// functions are exact matches for what our queries call.
func (tr trap) functions() string {
	sql := tr.function("int")
	for _, f := range []string{
		"count(oid)", "format(text, name)", "format(text, name, name)", "format(text, text, text)", "current_setting(text)", "current_database()", "concat(text, oid)",
		"pg_get_expr(pg_node_tree, oid)", "format_type(oid, int)", "to_jsonb(oid)", "pg_get_userbyid(oid)", "obj_description(oid, name)", "quote_ident(name)",
		"json_build_array(text, name)", "json_build_array(text, text)",
	} {
		sql += "CREATE FUNCTION public." + f + " RETURNS text LANGUAGE sql AS 'SELECT public.trap()::text';"
	}
	return sql
}

// views stand in the place of catalogs.
func (tr trap) views() string {
	sql := tr.function("bool") + "CREATE VIEW public.pg_subscription AS SELECT 'x'::name AS subname, 0::oid AS subdbid WHERE public.trap();"
	for _, catalog := range []string{"pg_class", "pg_namespace", "pg_proc", "pg_depend", "pg_database", "pg_roles", "pg_locks", "pg_available_extensions", "pg_description"} {
		sql += fmt.Sprintf("CREATE VIEW public.%[1]s AS SELECT t.* FROM (SELECT 1 WHERE public.trap()) s LEFT JOIN pg_catalog.%[1]s t ON true;", catalog)
	}
	return sql
}

// TestTraps lays objects and settings in the way of what migvet asks. None may be
// met by a session of a superuser.
func TestTraps(t *testing.T) {
	const settings = `DO $$BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %I SET search_path = public, pg_catalog', pg_catalog.current_database()); END$$;`
	const people = `CREATE TABLE people (id int PRIMARY KEY, name text); `
	const about = "/* subscription */ CREATE EXTENSION IF NOT EXISTS pg_stat_statements; ALTER TABLE people ADD COLUMN age int;"
	const forRoles = `ALTER ROLE CURRENT_USER SET search_path = public, pg_catalog;`
	for name, files := range map[string]func(trap) []string{
		"operators":   func(tr trap) []string { return []string{people, tr.operators() + settings, about} },
		"functions":   func(tr trap) []string { return []string{people, tr.functions() + settings, about} },
		"views":       func(tr trap) []string { return []string{people, tr.views() + settings, about} },
		"of the role": func(tr trap) []string { return []string{people, tr.operators() + forRoles, about} },
		"in the base": func(tr trap) []string { return []string{people + tr.operators() + settings + forRoles, about} },
		"temporary": func(tr trap) []string {
			return []string{people, tr.operators() + "CREATE TEMP TABLE pg_class (oid oid); " + settings, about}
		},
		"other settings": func(tr trap) []string { return []string{people, hostileSettings, about} },
		"extension named": func(tr trap) []string {
			return []string{people, about + "DO $$BEGIN " + tr.spring() + "; EXCEPTION WHEN insufficient_privilege THEN NULL; END$$"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEachServer(t, func(t *testing.T, server *postgres.Server) {
				tr := newTrap(t, server)
				texts := files(tr)
				if last := len(texts) - 1; !server.Sandboxed() { // nothing is elevated
					texts[last] = strings.Replace(texts[last], "CREATE EXTENSION IF NOT EXISTS pg_stat_statements;", "", 1)
				}
				result := tryFiles(t, server, Options{}, texts...)
				if tr.sprung(t) {
					t.Error("a superuser ran it")
				}
				if !result.Applies {
					t.Errorf("it does not apply: %+v", result.Findings)
				}
				for _, u := range result.Unchecked {
					if !u.Minor {
						t.Errorf("not checked: %+v", u)
					}
				}
			})
		})
	}
}

// hostileSettings keep sessions from beginning, from asking, or have them answer
// otherwise.
const hostileSettings = `DO $do$
DECLARE s text;
BEGIN
	FOREACH s IN ARRAY ARRAY[
		$$local_preload_libraries = 'no_such_library'$$, $$default_transaction_read_only = on$$, $$default_transaction_isolation = serializable$$,
		$$statement_timeout = 1$$, $$lock_timeout = 1$$, $$transform_null_equals = on$$, $$quote_all_identifiers = on$$, $$DateStyle = 'German'$$,
		$$bytea_output = escape$$, $$standard_conforming_strings = off$$, $$row_security = off$$, $$client_min_messages = panic$$,
		$$default_table_access_method = 'nothing'$$, $$array_nulls = off$$, $$IntervalStyle = sql_standard$$, $$TimeZone = 'Asia/Kathmandu'$$
	] LOOP
		BEGIN
			EXECUTE format('ALTER DATABASE %I SET %s', current_database(), s);
		EXCEPTION WHEN OTHERS THEN NULL;
		END;
	END LOOP;
END $do$`

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
