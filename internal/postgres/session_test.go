package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// hostile are settings that a session of ours must not begin with.
var hostile = map[string]string{
	"search_path": "public, pg_catalog", "local_preload_libraries": "nothing", "default_transaction_read_only": "on",
	"default_transaction_isolation": "serializable", "default_transaction_deferrable": "on", "statement_timeout": "1", "lock_timeout": "1",
	"idle_in_transaction_session_timeout": "1", "idle_session_timeout": "1", "transform_null_equals": "on", "array_nulls": "off",
	"quote_all_identifiers": "on", "DateStyle": "German", "IntervalStyle": "sql_standard", "TimeZone": "Asia/Kathmandu", "bytea_output": "escape",
	"extra_float_digits": "-15", "xmlbinary": "hex", "xmloption": "document", "standard_conforming_strings": "off", "backslash_quote": "on",
	"row_security": "off", "check_function_bodies": "off", "client_min_messages": "error", "client_encoding": "LATIN1",
	"default_tablespace": "pg_default", "plan_cache_mode": "force_generic_plan", "jit": "on", "role": "postgres",
}

// hostileBySuperuser are those that a migration with role: superuser can leave.
var hostileBySuperuser = map[string]string{
	"session_preload_libraries": "nothing", "session_replication_role": "replica", "lo_compat_privileges": "on", "allow_system_table_mods": "on",
}

// TestPinned sets everything that can be set, for the database, the role, and the
// role in the database, and wants migvet's own sessions not to notice.
func TestPinned(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		t.Run(fmt.Sprintf("postgres %d", s.Major()), func(t *testing.T) { testPinned(t, s) })
	}
}

func testPinned(t *testing.T, s *postgres.Server) {
	database := postgrestest.Database(t, s)
	names := map[postgres.Role]string{postgres.Superuser: postgres.SuperuserName, postgres.Owner: postgres.OwnerName, postgres.Filler: postgres.FillerName}
	admin(t, s, `CREATE ROLE set_by_others; GRANT set_by_others TO migvet_filler`)
	t.Cleanup(func() { admin(t, s, "DROP ROLE set_by_others") })
	for role, name := range names {
		for _, where := range []string{"DATABASE " + database, "ROLE " + name, "ROLE " + name + " IN DATABASE " + database} {
			t.Run(where, func(t *testing.T) {
				t.Cleanup(func() {
					admin(t, s, "ALTER "+where+" RESET ALL")
					admin(t, s, "ALTER ROLE migvet_filler SET session_replication_role = 'replica'")
				})
				setHostile(t, s, where, hostile)
				if role == postgres.Superuser {
					setHostile(t, s, where, hostileBySuperuser)
				}
				requirePinned(t, s, role, database)
			})
		}
	}
}

func setHostile(t *testing.T, s *postgres.Server, where string, settings map[string]string) {
	t.Helper()
	for name, value := range settings {
		if strings.HasPrefix(where, "DATABASE") && name == "role" {
			continue // a session of a role that may not become it would not begin
		}
		if strings.Contains(where, "search_path") || name == "search_path" {
			admin(t, s, fmt.Sprintf("ALTER %s SET %s = %s", where, name, value))
			continue
		}
		admin(t, s, fmt.Sprintf("ALTER %s SET %s = '%s'", where, name, value))
	}
}

func requirePinned(t *testing.T, s *postgres.Server, role postgres.Role, database string) {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.Pinned(role, database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, again := range []string{"", "RESET ALL", "DISCARD ALL"} {
		if again != "" {
			if _, err := conn.Exec(t.Context(), again, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Fatal(err)
			}
		}
		for name, want := range s.Pinned(role, database).RuntimeParams {
			var got string
			err := conn.QueryRow(t.Context(), "SELECT current_setting($1)", pgx.QueryExecModeExec, name).Scan(&got)
			if err != nil || got != want {
				t.Errorf("%s after %q is %q, want %q (%v)", name, again, got, want, err)
			}
		}
	}
}

func admin(t *testing.T, s *postgres.Server, sql string) {
	t.Helper()
	err := s.Admin(context.WithoutCancel(t.Context()), func(conn *pgx.Conn) error {
		_, err := conn.Exec(context.WithoutCancel(t.Context()), sql, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// TestPinnedMeetsNoObject lays functions, operators, casts and relations of other
// names' owners beside those of pg_catalog.
func TestPinnedMeetsNoObject(t *testing.T) {
	s := postgrestest.Start(t)
	database := postgrestest.Database(t, s)
	owner := connect(t, s, postgres.Owner, database)
	for _, sql := range []string{
		`CREATE FUNCTION public.trap(oid, oid) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE ''trapped''; END'`,
		`CREATE OPERATOR public.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = public.trap)`,
		`CREATE FUNCTION public.current_database() RETURNS name LANGUAGE plpgsql AS 'BEGIN RAISE ''trapped''; END'`,
		`CREATE VIEW public.pg_class AS SELECT 1::oid AS oid`,
		`ALTER DATABASE ` + database + ` SET search_path = public, pg_catalog`,
	} {
		if _, err := owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	const question = `SELECT (1::oid = 1::oid)::text || current_database() || (SELECT count(*) > 1 FROM pg_class)`
	for _, role := range []postgres.Role{postgres.Superuser, postgres.Owner, postgres.Filler} {
		if _, err := connect(t, s, role, database).Exec(t.Context(), question); err == nil || !strings.Contains(err.Error(), "trapped") {
			t.Errorf("%s: the trap does not work: %v", role, err)
		}
		conn, err := pgx.ConnectConfig(t.Context(), s.Pinned(role, database))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.WithoutCancel(t.Context()))
		if got := ask(t, conn, "SELECT pg_catalog.set_config('a.b', '', false)"); got != "" {
			t.Error(got)
		}
		if got, want := ask(t, conn, question), "true"+database+"true"; got != want {
			t.Errorf("%s: %q, want %q", role, got, want)
		}
		if _, err := conn.Exec(t.Context(), "CREATE TEMP TABLE pg_class (oid oid)"); err != nil {
			t.Fatal(err)
		}
		if got, want := ask(t, conn, question), "true"+database+"true"; got != want {
			t.Errorf("%s, beside a temporary table: %q, want %q", role, got, want)
		}
	}
}
