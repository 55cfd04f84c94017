package trial

import (
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
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
	tr := trial{Options: Options{Server: given, Source: &source.Source{Head: []*lint.Migration{{Source: "DO $$ BEGIN CREATE ROLE The_Reader; END $$"}}}}}
	before, err := tr.readRoles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	makeRoles := func(conn *pgx.Conn) error {
		return execute(t.Context(), conn, "CREATE ROLE the_reader; CREATE ROLE stranger")
	}
	if err := tr.Server.Admin(t.Context(), makeRoles); err != nil {
		t.Fatal(err)
	}
	if err := tr.dropRoles(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	after, err := tr.readRoles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if after["the_reader"] || !after["stranger"] {
		t.Errorf("the_reader is there: %t, stranger is there: %t", after["the_reader"], after["stranger"])
	}
}
