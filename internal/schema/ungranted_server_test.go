package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/schema"
)

func TestFindUngrantedOnPostgres(t *testing.T) {
	const base = `
CREATE TABLE a (id serial); CREATE TABLE b (id serial); CREATE TABLE "C" (id serial);
GRANT SELECT, INSERT ON a, b, "C" TO pg_monitor, pg_signal_backend;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO pg_monitor;
GRANT SELECT ON a, b TO pg_read_all_settings;
`
	for _, c := range []struct{ name, change, want string }{
		{name: "nothing new", change: "ALTER TABLE a RENAME TO d"},
		{name: "new", change: "CREATE TABLE d (id int)", want: "d pg_monitor 3 of 3\nd pg_signal_backend 3 of 3"},
		{name: "tool's", change: "CREATE TABLE schema_migrations (id int)"},
		// Of its sequences pg_signal_backend has none and needs none.
		{name: "sequence", change: `CREATE TABLE "D d" (id serial); GRANT INSERT ON "D d" TO pg_monitor, pg_signal_backend`, want: `D d "D d_id_seq" pg_monitor`},
		{name: "another schema", change: "CREATE SCHEMA s; CREATE TABLE s.d (id int); DROP SCHEMA s CASCADE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range postgrestest.Versions(t) {
				conn := open(t, version)
				run(t, conn, base)
				before := read(t, conn)
				run(t, conn, c.change)
				var lines []string
				for _, u := range schema.FindUngranted(before, read(t, conn), func(name string) bool { return name == "schema_migrations" }) {
					line := u.Table.Name + " " + u.Role + fmt.Sprintf(" %d of %d", u.Granted, u.Others)
					if u.Sequence != "" {
						line = u.Table.Name + " " + strings.TrimPrefix(u.Sequence, "public.") + " " + u.Role
					}
					lines = append(lines, line)
				}
				if got := strings.Join(lines, "\n"); got != c.want {
					t.Errorf("PostgreSQL %s:\n%s\nwant:\n%s", version, got, c.want)
				}
			}
		})
	}
}
