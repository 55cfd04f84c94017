package rows

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// A database is a fresh one, with connections in the roles that production uses: the owner runs migrations, the
// filler fills. The superuser only looks.
type database struct {
	superuser, owner, filler *pgx.Conn
	major                    int
}

func newDatabase(t testing.TB) *database {
	t.Helper()
	return newDatabaseOn(t, postgrestest.One(t))
}

func newDatabaseOn(t testing.TB, version string) *database {
	t.Helper()
	server := postgrestest.Server(t, version)
	name := postgrestest.Database(t, server)
	connect := func(role postgres.Role) *pgx.Conn {
		conn, err := pgx.ConnectConfig(context.Background(), server.Config(role, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(context.Background()) })
		return conn
	}
	return &database{
		superuser: connect(postgres.Superuser), owner: connect(postgres.Owner), filler: connect(postgres.Filler), major: server.Major(),
	}
}

// onVersions runs a test on every version of PostgreSQL that is asked for.
func onVersions(t *testing.T, test func(t *testing.T, version string)) {
	for _, version := range postgrestest.Versions(t) {
		t.Run("postgres"+version, func(t *testing.T) { test(t, version) })
	}
}

func (d *database) load(t testing.TB, schema string) {
	t.Helper()
	if _, err := d.owner.Exec(context.Background(), schema, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}
