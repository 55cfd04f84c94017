package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// belongings is what the cluster knows about a database, in words.
const belongings = `SELECT concat_ws(' | ', d.datdba::regrole, d.datacl, d.datconnlimit, shobj_description(d.oid, 'pg_database'),
		(SELECT string_agg(s.setrole::regrole || s.setconfig::text, ' ' ORDER BY s.setrole) FROM pg_db_role_setting s WHERE s.setdatabase = d.oid),
		(SELECT string_agg(s.refobjid::regrole || s.deptype::text, ' ' ORDER BY s.refobjid::regrole::text) FROM pg_shdepend s WHERE s.classid = 'pg_database'::regclass AND s.objid = d.oid))
	FROM pg_database d WHERE d.datname = current_database()`

func TestCopiesKeepBelongings(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		original := postgrestest.Database(t, s)
		name := pgx.Identifier{original}.Sanitize()
		conn := connect(t, s, postgres.Superuser, original)
		for _, sql := range []string{
			"CREATE ROLE keeper", "CREATE ROLE guest",
			"ALTER DATABASE " + name + " SET search_path = app, \"$user\"",
			"ALTER DATABASE " + name + " SET \"TimeZone\" = 'Asia/Tokyo'",
			"ALTER ROLE guest IN DATABASE " + name + " SET work_mem = '8MB'",
			"GRANT CONNECT ON DATABASE " + name + " TO guest WITH GRANT OPTION",
			"REVOKE TEMPORARY ON DATABASE " + name + " FROM PUBLIC",
			"ALTER DATABASE " + name + " CONNECTION LIMIT 9",
			"COMMENT ON DATABASE " + name + " IS 'the shop''s'",
			"ALTER DATABASE " + name + " OWNER TO keeper",
		} {
			if _, err := conn.Exec(t.Context(), sql); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
		}
		want := ask(t, conn, belongings)
		conn.Close(t.Context())
		clone, err := s.CreateDatabase(t.Context(), "kept", original)
		if err != nil {
			t.Fatal(err)
		}
		conn = connect(t, s, postgres.Superuser, clone)
		if got := ask(t, conn, belongings); got != want {
			t.Errorf("%d: the copy has\n%s, the original\n%s", s.Major(), got, want)
		}
		conn.Close(t.Context())
		owner := connect(t, s, postgres.Owner, clone)
		if got := ask(t, owner, "SHOW timezone"); got != "Asia/Tokyo" {
			t.Errorf("%d: a session of the copy is in %s", s.Major(), got)
		}
		owner.Close(t.Context())
		if err := s.DropDatabase(t.Context(), clone); err != nil {
			t.Error(err)
		}
		forget(t, s, original)
	}
}

// forget drops a database's owner and guest, whom no later test may meet.
func forget(t *testing.T, s *postgres.Server, database string) {
	t.Helper()
	conn := connect(t, s, postgres.Superuser, database)
	defer conn.Close(t.Context())
	for _, sql := range []string{"REASSIGN OWNED BY keeper TO CURRENT_USER", "DROP OWNED BY keeper, guest", "DROP ROLE keeper, guest"} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}
