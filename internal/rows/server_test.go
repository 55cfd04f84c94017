package rows

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A database is one with a schema, an owner's connection to check what is in it, and a filler's.
type database struct {
	admin, owner, filler *pgx.Conn
	major                int
}

func connect(t testing.TB, socket, user, name string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), fmt.Sprintf("host=%s user=%s dbname=%s", socket, user, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func newDatabase(t testing.TB) *database {
	t.Helper()
	socket := os.Getenv("ROWS_TEST_SOCKET")
	admin := connect(t, socket, "su", "postgres")
	name := "rows_" + strings.ToLower(strings.Map(func(r rune) rune {
		if r == '/' || r == '.' || r == '-' || r == '=' {
			return '_'
		}
		return r
	}, t.Name()))
	for _, sql := range []string{
		`DO $$ BEGIN CREATE ROLE postgres LOGIN CREATEDB CREATEROLE; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`DO $$ BEGIN CREATE ROLE filler LOGIN IN ROLE postgres; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
		`ALTER ROLE filler SET session_replication_role = replica`,
		`DROP DATABASE IF EXISTS ` + quoteName(name) + ` WITH (FORCE)`,
		`CREATE DATABASE ` + quoteName(name) + ` OWNER postgres`,
	} {
		if _, err := admin.Exec(context.Background(), sql); err != nil {
			t.Fatal(err)
		}
	}
	d := &database{admin: connect(t, socket, "su", name), owner: connect(t, socket, "postgres", name), filler: connect(t, socket, "filler", name)}
	fmt.Sscanf(d.owner.PgConn().ParameterStatus("server_version"), "%d", &d.major)
	return d
}

func (d *database) load(t testing.TB, schema string) {
	t.Helper()
	if _, err := d.owner.Exec(context.Background(), schema, pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
}
