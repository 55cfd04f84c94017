package schema_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/schema"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

func open(t *testing.T, version string) *pgx.Conn {
	t.Helper()
	server := postgrestest.Server(t, version)
	conn, err := pgx.ConnectConfig(context.Background(), server.Config(postgres.Superuser, postgrestest.Database(t, server)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.PgConn().Exec(context.Background(), sql).ReadAll(); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
}

func read(t *testing.T, conn *pgx.Conn, exclude ...string) *schema.Schema {
	t.Helper()
	s, err := schema.Read(context.Background(), conn, exclude...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var update = flag.Bool("update", false, "write what was read into testdata")

// TestReadEveryKind holds what is read of each kind of object to a text that is
// the same for all versions.
func TestReadEveryKind(t *testing.T) {
	sql, err := os.ReadFile("testdata/every_kind.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range postgrestest.Versions(t) {
		t.Run(version, func(t *testing.T) {
			conn := open(t, version)
			run(t, conn, string(sql))
			t.Cleanup(func() { run(t, conn, "DROP OWNED BY diff_reader; DROP ROLE diff_reader") })
			got := dump(read(t, conn, "public.history"))
			if *update {
				if err := os.WriteFile("testdata/every_kind.txt", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile("testdata/every_kind.txt")
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("read on PostgreSQL %s:\n%s", version, lineDiff(string(want), got))
			}
		})
	}
}

// dump writes a schema without what differs between servers: owners, versions,
// the roles that are always there, the way 16 and later write views.
func dump(s *schema.Schema) string {
	var b strings.Builder
	for i := range s.Objects {
		o := &s.Objects[i]
		if o.Kind == schema.Role && o.Name != "diff_reader" || o.Kind == schema.Setting || o.Schema == "" && o.Name == "public" || strings.Contains(o.Name, "schema public") {
			continue
		}
		fmt.Fprint(&b, o)
		if o.Inherited {
			fmt.Fprint(&b, " (inherited)")
		}
		if o.Columns != nil {
			fmt.Fprintf(&b, " %v", o.Columns)
		}
		if o.References != "" {
			fmt.Fprintf(&b, " → %s", o.References)
		}
		b.WriteString("\n")
		for _, p := range o.Properties {
			if p.Name == "owner" || p.Name == "version" {
				continue
			}
			value := strings.Join(strings.Fields(p.Value), " ")
			if o.IsRelation() && p.Name == "definition" {
				value = strings.ReplaceAll(value, " orders.", " ")
				value = strings.ReplaceAll(value, "(orders.", "(")
			}
			fmt.Fprintf(&b, "\t%s: %s\n", p.Name, value)
		}
	}
	return b.String()
}

func lineDiff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var b strings.Builder
	for _, line := range w {
		if !slices.Contains(g, line) {
			b.WriteString("- " + line + "\n")
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			b.WriteString("+ " + line + "\n")
		}
	}
	return b.String()
}

// BenchmarkRead reads a schema of a thousand tables.
func BenchmarkRead(b *testing.B) {
	server := postgrestest.Start(b)
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, server.Config(postgres.Superuser, postgrestest.Database(b, server)))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	_, err = conn.PgConn().Exec(ctx, `DO $$ BEGIN FOR i IN 1..1000 LOOP
		EXECUTE format('CREATE TABLE t%s (id bigserial PRIMARY KEY, a text NOT NULL DEFAULT ''x'', b int CHECK (b > 0), c timestamptz, parent bigint REFERENCES t%s)', i, greatest(i - 1, 1));
		EXECUTE format('CREATE INDEX ON t%s (a, b)', i);
	END LOOP; END $$`).ReadAll()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := schema.Read(ctx, conn); err != nil {
			b.Fatal(err)
		}
	}
}
