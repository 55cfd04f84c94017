package trial

import (
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// givenServer is one that a user gives.
func givenServer(t *testing.T) *postgres.Server {
	t.Helper()
	config := postgrestest.Start(t).Config(postgres.Superuser, "")
	given, err := postgres.OpenURL(t.Context(), (&url.URL{
		Scheme: "postgres", User: url.User(config.User), Path: "/" + config.Database,
		RawQuery: url.Values{"host": {config.Host}}.Encode(),
	}).String())
	if err != nil {
		t.Fatal(err)
	}
	return given
}

// On a server of the user, somebody else may make a role meanwhile: another
// migvet does.
func TestRolesOfOthersStay(t *testing.T) {
	given := givenServer(t)
	const sql = "DO $$ BEGIN IF true THEN CREATE ROLE The_Reader; END IF; END $$; SELECT 'stranger'"
	source := &source.Source{History: &lint.History{}, Head: []*lint.Migration{{
		Path: "1.sql", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}},
	}}}
	tr := trial{Options: Options{Server: given, Source: source}, result: &Result{}}
	before, err := tr.readRoles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tr.shared = shared{roles: before, made: tr.rolesMade(before)}
	makeRoles := func(conn *pgx.Conn) error {
		return session.Execute(t.Context(), conn, "CREATE ROLE the_reader; CREATE ROLE stranger")
	}
	if err := given.Admin(t.Context(), makeRoles); err != nil {
		t.Fatal(err)
	}
	if err := tr.putRolesBack(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	after, err := tr.readRoles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, reader := after.roles["the_reader"]
	_, stranger := after.roles["stranger"]
	if reader || !stranger {
		t.Errorf("the_reader is there: %t, stranger is there: %t", reader, stranger)
	}
	if len(tr.result.Unchecked) != 1 || !strings.Contains(tr.result.Unchecked[0].Reason, "stranger") {
		t.Errorf("of the new role is said: %+v", tr.result.Unchecked)
	}
	err = given.Admin(t.Context(), func(conn *pgx.Conn) error { return session.Execute(t.Context(), conn, "DROP ROLE stranger") })
	if err != nil {
		t.Fatal(err)
	}
}
