package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/schema"
)

func TestSwapsOnPostgres(t *testing.T) {
	const base = `
CREATE TABLE a (id bigserial PRIMARY KEY, note text, n int NOT NULL DEFAULT 1 CHECK (n > 0), m int GENERATED ALWAYS AS (n + 1) STORED, UNIQUE (n, note));
CREATE UNIQUE INDEX a_note ON a (lower(note));
CREATE INDEX a_n ON a (n);
CREATE STATISTICS a_stats ON n, note FROM a;
CREATE RULE quiet AS ON DELETE TO a DO INSTEAD NOTHING;
ALTER TABLE a REPLICA IDENTITY FULL, FORCE ROW LEVEL SECURITY, SET (fillfactor = 70);
COMMENT ON COLUMN a.note IS 'said';
CREATE PUBLICATION swap_feed FOR TABLE a;
GRANT SELECT, UPDATE (note) ON a TO pg_monitor;
CREATE VIEW v AS SELECT id FROM a;
CREATE TABLE "B c" (id int REFERENCES a);
CREATE TABLE child () INHERITS (a);
CREATE TABLE aa (id int);
CREATE VIEW w AS SELECT id FROM aa;
`
	for _, c := range []struct{ name, change, want string }{
		{name: "renamed", change: "ALTER TABLE a RENAME TO b"},
		{name: "put back", change: "ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME TO a"},
		{name: "bare", change: "ALTER TABLE a RENAME TO aa_old; CREATE TABLE a AS SELECT * FROM aa_old", want: "a leaves aa_old: " +
			"default id, generated m, default n, not null n, comment note, primary key a_pkey, unique constraint a_n_note_key, check constraint a_n_check, index a_n, index a_note, " +
			"statistics object a_stats, rule quiet, grant (note) to pg_monitor, grant to pg_monitor, row security for the owner , replica identity , options , publication swap_feed; " +
			"foreign key B c_id_fkey on B c, table child, view v"},
		{name: "like", change: "CREATE TABLE b (LIKE a INCLUDING ALL); ALTER TABLE a RENAME TO c; ALTER TABLE b RENAME TO a", want: "a leaves c: " +
			"rule quiet, grant (note) to pg_monitor, grant to pg_monitor, row security for the owner , replica identity , options , publication swap_feed; " +
			"sequence a_id_seq, foreign key B c_id_fkey on B c, table child, view v"},
		{name: "dropped", change: "DROP TABLE a CASCADE; CREATE TABLE a (id bigint PRIMARY KEY, n int DEFAULT 2 NOT NULL, UNIQUE (id, n))", want: "a: " +
			"default id, column m, column note, check constraint a_n_check, index a_n, rule quiet, grant (note) to pg_monitor, grant to pg_monitor, row security for the owner , replica identity , options , publication swap_feed; unfilled id"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, version := range postgrestest.Versions(t) {
				conn := open(t, version)
				run(t, conn, base)
				before := read(t, conn)
				run(t, conn, c.change)
				got := swapLines(schema.Swaps(before, read(t, conn)))
				if got != c.want {
					t.Errorf("PostgreSQL %s:\n%s\nwant:\n%s", version, got, c.want)
				}
			}
		})
	}
}

func swapLines(swaps []schema.Swap) string {
	var lines []string
	for _, s := range swaps {
		var lost, stays []string
		for _, p := range s.Lost {
			lost = append(lost, p.What+" "+p.Of)
		}
		for _, o := range s.Stays {
			stays = append(stays, o.String())
		}
		line := s.Now.Name
		if s.Left != nil {
			line += " leaves " + s.Left.Name
		}
		line += ": " + strings.Join(lost, ", ")
		if len(stays) > 0 {
			line += "; " + strings.Join(stays, ", ")
		}
		if len(s.Unfilled) > 0 {
			line += fmt.Sprintf("; unfilled %s", strings.Join(s.Unfilled, ", "))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
