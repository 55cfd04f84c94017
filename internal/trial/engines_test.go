package trial

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
)

// A deployment is what a migration tool's own engine did to a folder, as
// testdata/tools/*/expect.txt tells it.
type deployment struct {
	folder, err, query string
	history, columns   []string
}

func deployments(t *testing.T, file string) []deployment {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []deployment
	for _, block := range strings.Split("\n"+string(data), "\n== ")[1:] {
		head, columns, _ := strings.Cut(block, "\ncolumns:\n")
		lines := strings.Split(head, "\n")
		all = append(all, deployment{
			folder:  lines[0],
			err:     strings.TrimSpace(strings.TrimPrefix(lines[1], "error:")),
			query:   strings.TrimPrefix(lines[2], "history: "),
			history: trimmed(lines[3:]),
			columns: trimmed(strings.Split(columns, "\n")),
		})
	}
	return all
}

func trimmed(lines []string) []string {
	var all []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

const allColumns = `SELECT table_schema, table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns
WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
ORDER BY table_schema, table_name, ordinal_position`

// TestLikeTheEngines deploys a base, and then what is new, as the tools' own
// engines have deployed them, and compares rows, schemas and failures.
func TestLikeTheEngines(t *testing.T) {
	files, err := filepath.Glob("../../testdata/tools/*/expect.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded deployments: %v", err)
	}
	server := postgrestest.Start(t)
	for _, file := range files {
		for _, d := range deployments(t, file) {
			dir := filepath.Dir(file)
			t.Run(filepath.Base(dir)+" "+d.folder, func(t *testing.T) { d.compare(t, server, dir) })
		}
	}
}

func (d deployment) compare(t *testing.T, server *postgres.Server, dir string) {
	base, project := projectIn(t, filepath.Join(dir, "base")), projectIn(t, filepath.Join(dir, "base"), filepath.Join(dir, d.folder))
	s := source.Review(base, project, source.ReviewOptions{})
	ctx := context.Background()
	if s.Database != "" {
		if _, err := server.CreateDatabase(ctx, s.Database, ""); err != nil {
			t.Fatal(err)
		}
		defer server.DropDatabase(ctx, s.Database)
	}
	config := server.Config(postgres.Owner, postgrestest.Database(t, server))
	(&trial{Options: Options{Source: s}}).sessions(config)
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := session.Execute(ctx, conn, s.Runner.Setup()); err != nil {
		t.Fatal(err)
	}
	if r, err := (&toolRun{conn: conn, note: s.Runner.Record, migrations: s.History.Base}).all(ctx); r != nil || err != nil {
		t.Fatalf("the base does not apply: %+v, %v", r, err)
	}
	failed := deploy(t, conn, s)
	if failed != (d.err != "") {
		t.Errorf("failed: %t; the engine said %q", failed, d.err)
	}
	if got := queried(t, conn, d.query); !slices.Equal(got, d.history) && !dirty(d.history) {
		t.Errorf("history is\n  %s\nthe engine wrote\n  %s", strings.Join(got, "\n  "), strings.Join(d.history, "\n  "))
	}
	// As psql has it, which read them from the engine.
	if err := session.Execute(ctx, conn, `SET search_path = "$user", public`); err != nil {
		t.Fatal(err)
	}
	if got := queried(t, conn, allColumns); !slices.Equal(got, d.columns) {
		t.Errorf("columns are\n  %s\nthe engine left\n  %s", strings.Join(got, "\n  "), strings.Join(d.columns, "\n  "))
	}
}

// dirty reports whether golang-migrate noted that it failed, which nobody reads
// in a database that is thrown away.
func dirty(history []string) bool {
	return len(history) == 1 && strings.HasSuffix(history[0], "|t")
}

// deploy runs what the tool takes for pending, and tells whether it failed.
func deploy(t *testing.T, conn *pgx.Conn, s *source.Source) bool {
	t.Helper()
	ctx := context.Background()
	tr := trial{Options: Options{Source: s}}
	pending, err := tr.askPending(ctx, conn)
	var no *source.Refusal
	if errors.As(err, &no) {
		pending, err = no.Before, nil
	}
	if err != nil {
		t.Fatal(err)
	}
	r, err := (&toolRun{conn: conn, note: s.Runner.Record, migrations: pending}).all(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r != nil || no != nil
}

func queried(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	result := conn.PgConn().ExecParams(context.Background(), query, nil, nil, nil, nil).Read()
	if result.Err != nil {
		t.Fatal(result.Err)
	}
	var all []string
	for _, row := range result.Rows {
		var fields []string
		for _, field := range row {
			fields = append(fields, string(field))
		}
		all = append(all, strings.Join(fields, "|"))
	}
	return all
}

// projectIn lays folders over each other and reads the migrations in them.
func projectIn(t *testing.T, dirs ...string) *source.Folder {
	t.Helper()
	project := t.TempDir()
	for _, dir := range dirs {
		if err := overlay(project, dir); err != nil {
			t.Fatal(err)
		}
	}
	fsys := os.DirFS(project)
	found, err := source.Detect(fsys)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	folder, err := source.Load(fsys, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// overlay copies the files of one directory into another, over those there.
func overlay(to, from string) error {
	return filepath.WalkDir(from, func(file string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, file)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		target := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
}
