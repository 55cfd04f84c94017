package trial

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

func TestDebianPackage(t *testing.T) {
	for extension, want := range map[string]string{
		"vector": "postgresql-16-pgvector", "postgis_topology": "postgresql-16-postgis-3", "pg_cron": "postgresql-16-cron",
		"pgcrypto": "postgresql-16", "plpython3u": "postgresql-plpython3-16", "ip4r": "postgresql-16-ip4r", "plpgsql_check": "postgresql-16-plpgsql-check",
	} {
		if got := debianPackage(extension, 16); got != want {
			t.Errorf("%s is in %s, want %s", extension, got, want)
		}
	}
}

func TestMadeElsewhere(t *testing.T) {
	for message, want := range map[string]string{
		`type "vector" does not exist`:                                         "extensions: [vector]",
		`type "public.geometry" does not exist`:                                "extensions: [postgis]",
		`operator class "gin_trgm_ops" does not exist for access method "gin"`: "extensions: [pg_trgm]",
		`function public.uuid_generate_v4() does not exist`:                    "extensions: [uuid-ossp]",
		`function crypt(text, text) does not exist`:                            "extensions: [pgcrypto]",
		`role "anon" does not exist`:                                           "presets: [supabase]",
		`role "reporting" does not exist`:                                      "roles: [reporting]",
		`schema "auth" does not exist`:                                         "presets: [supabase]",
		`schema "app" does not exist`:                                          "",
		`type "color" does not exist`:                                          "",
		`function f(integer) does not exist`:                                   "",
	} {
		wayOut, elsewhere := madeElsewhere(&lint.SQLError{Message: message})
		if elsewhere != (want != "") || !strings.Contains(wayOut, want) {
			t.Errorf("%s: %q, want %q", message, wayOut, want)
		}
	}
}

// TestPresets makes every platform's stand-ins as the owner of a database.

func TestPresets(t *testing.T) {
	server := postgrestest.Start(t)
	for _, names := range [][]string{{"supabase"}, {"neon"}, {"hasura"}, {"nhost"}, {"supabase", "neon"}, {"hasura", "nhost"}, presets.Names()} {
		tr := trial{Options: Options{Server: server, Source: &source.Source{}, Environment: Environment{Presets: presets.Named(names...)}}, result: &Result{}}
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
	tr := trial{Options: Options{Server: server, Source: &source.Source{}, Environment: Environment{Roles: []string{postgres.SuperuserName, postgres.FillerName, "pg_execute_server_program"}}}}
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
