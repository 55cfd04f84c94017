package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
)

// FuzzFolders reads whatever stands in a folder's files as each tool does: SQL
// with the tool's markers, and the files in which tools keep what they know.
// Nothing may panic, and every place must be one of the text.
func FuzzFolders(f *testing.F) {
	for _, text := range markers(f) {
		f.Add(text, "{}", "out: './drizzle'")
	}
	f.Add("SELECT 1;", `{"entries": [{"idx": 0, "tag": "0001_a", "when": 1, "breakpoints": true}]}`, `{"id": "x", "prevId": "y", "tables": {}}`)
	f.Add("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n", "%syntax-version=1.0.0\n%project=x\n\na 2020-01-01T00:00:00Z a <a@example.com>\n", "h1:x\n0001_a.sql h1:y\n")
	f.Fuzz(func(t *testing.T, sql, metadata, more string) {
		fsys := folderOf(sql, metadata, more)
		all, err := Detect(fsys)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range all {
			wantNoPanic(t, found, nil)
		}
		for _, key := range Tools() {
			checkFolder(t, fsys, key)
		}
	})
}

// folderOf has a file of each kind that some tool looks for.
func folderOf(sql, metadata, more string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range map[string]string{
		"0001_a.sql": sql, "0001_a.up.sql": sql, "V1__a.sql": sql, "R__b.sql": sql, "1.do.a.sql": sql, "deploy/a.sql": sql,
		"20200101000000_a/migration.sql": sql, "20200101000000_a/up.sql": sql, "20200101000000_a/down.sql": sql,
		"meta/_journal.json": metadata, "meta/0001_snapshot.json": more, "sqitch.plan": metadata, "sqitch.conf": more, "atlas.sum": more,
		"drizzle.config.ts": more, "migration_lock.toml": more, "config.toml": more,
	} {
		fsys["m/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func checkFolder(t *testing.T, fsys fs.FS, key string) {
	t.Helper()
	found, err := At(fsys, "m", key)
	wantNoPanic(t, found, err)
	if err != nil || found.Skip != "" {
		return
	}
	folder, err := Load(fsys, found)
	wantNoPanic(t, found, err)
	if err != nil {
		return // told to the user
	}
	s := Review(folder, folder, ReviewOptions{})
	for _, m := range s.Head {
		checkMigration(t, key, m)
	}
	for _, finding := range s.Findings {
		if text, ok := s.Files[finding.Path]; ok && (finding.Start < lint.NoPos || finding.Start > len(text) || finding.End > len(text)) {
			t.Errorf("%s: %s at %d to %d of %d bytes", key, finding.Rule, finding.Start, finding.End, len(text))
		}
	}
}

// wantNoPanic fails where what would have cost a user one line has panicked.
func wantNoPanic(t *testing.T, found Found, err error) {
	t.Helper()
	for _, p := range []*rescue.Panic{found.Panic, rescue.In(err)} {
		if p != nil {
			t.Fatalf("%s of %s: %v\n%s", found.Dir, found.Tool, p, p.Stack)
		}
	}
}

func checkMigration(t *testing.T, key string, m *lint.Migration) {
	t.Helper()
	end := 0
	for _, c := range m.Chunks {
		if c.Start < end || c.End < c.Start || c.End > len(m.Source) {
			t.Fatalf("%s: chunk %v behind %d, of %d bytes of %q", key, c, end, len(m.Source), m.Source)
		}
		end = c.End
	}
	for _, s := range m.Statements() {
		if s.Start < 0 || s.End < s.Start || s.End > len(m.Source) {
			t.Fatalf("%s: statement at %d to %d of %d bytes", key, s.Start, s.End, len(m.Source))
		}
	}
}

// markers are migrations as people and tools write them.
func markers(f *testing.F) []string {
	f.Helper()
	var all []string
	err := filepath.WalkDir("../../testdata/tools", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".sql" {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && len(text) < 4000 && strings.Contains(string(text), "--") {
			all = append(all, string(text))
		}
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	return append(all, "-- +migrate Up notransaction\nSELECT 1;\n-- +migrate Down", "-- migrate:up transaction:false\nSELECT 1", "---- create above / drop below ----",
		"-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${A:-b}';", "--> statement-breakpoint", "\\i a.sql\n\\echo x", "COPY a FROM stdin;\n1\n\\.\n", "BEGIN;\nCOMMIT;")
}
