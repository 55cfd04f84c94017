package session

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// What is sent in place of CREATE EXTENSION is longer than it: the server's
// positions behind it are still those of the file.
func TestPlacesBehindAnExtension(t *testing.T) {
	const sql = "CREATE TABLE a ();\nCREATE EXTENSION vector;\nSELECT nothing;\nCREATE EXTENSION hstore; SELECT 'ä', nowhere;"
	m := &lint.Migration{Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
	text := readChunk(WithProvided(t.Context(), []string{"vector"}), m, 0)
	sent := text.sql.ForServer()
	if strings.Contains(sent, "CREATE EXTENSION vector") || !strings.Contains(sent, "migvet_extension('vector'") || !strings.Contains(sent, "CREATE EXTENSION hstore") {
		t.Fatalf("sent is %s", sent)
	}
	for _, word := range []string{"CREATE TABLE", "nothing", "nowhere", "hstore"} {
		if got := text.inFile(strings.Index(sent, word)); got != strings.Index(sql, word) {
			t.Errorf("%s is placed at byte %d, want %d", word, got, strings.Index(sql, word))
		}
	}
	if got := text.inFile(strings.Index(sent, "'vector'")); got != strings.Index(sql, "CREATE EXTENSION vector") {
		t.Errorf("a refusal of the call is placed at byte %d", got)
	}
	if plain := readChunk(t.Context(), m, 0); plain.sql.ForServer() != sql {
		t.Errorf("without provided extensions %s is sent", plain.sql)
	}
}

func TestCreatesExtension(t *testing.T) {
	for sql, want := range map[string]bool{
		"CREATE EXTENSION IF NOT EXISTS vector": true,
		"CREATE EXTENSION hstore":               false,
		"SELECT 'CREATE EXTENSION vector'":      false,
		"CREATE TABLE vector ()":                false,
		"DO $$ BEGIN IF true THEN create extension if not exists vector; END IF; END $$": true,
		"DO $$ BEGIN EXECUTE 'CREATE EXTENSION vector'; END $$":                          true,
		"DO $$ BEGIN RAISE NOTICE 'run CREATE EXTENSION vector first'; END $$":           false,
	} {
		m := &lint.Migration{Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
		if got := CreatesExtension(m, func(name string) bool { return name == "vector" }); got != want {
			t.Errorf("%s: %t", sql, got)
		}
	}
}

// A DO block asks first whether an extension is there, and creates it as a statement or
// as text.
func TestExtensionInBody(t *testing.T) {
	ctx := WithProvided(t.Context(), []string{"pg_cron"})
	for sql, want := range map[string]string{
		"DO $$ BEGIN CREATE EXTENSION pg_cron; PERFORM 1; END $$":                                     "DO $$ BEGIN PERFORM pg_catalog.migvet_extension('pg_cron', NULL, NULL, FALSE, FALSE, pg_catalog.current_schema(), CURRENT_USER); PERFORM 1; END $$",
		"DO $$ BEGIN EXECUTE 'CREATE EXTENSION IF NOT EXISTS pg_cron WITH SCHEMA extensions'; END $$": "DO $$ BEGIN EXECUTE 'SELECT pg_catalog.migvet_extension(''pg_cron'', ''extensions'', NULL, TRUE, FALSE, pg_catalog.current_schema(), CURRENT_USER)'; END $$",
		"DO $$ BEGIN CREATE EXTENSION hstore; END $$":                                                 "",
		"DO $$ BEGIN RAISE EXCEPTION 'CREATE EXTENSION pg_cron first'; END $$":                        "",
		"DO $$ BEGIN RAISE NOTICE 'run CREATE EXTENSION pg_cron; then go on'; END $$":                 "",
		"DO $$ BEGIN EXECUTE format('CREATE EXTENSION %I', 'pg_cron'); END $$":                        "",
		"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE EXTENSION a;'":                      "",
	} {
		statements, _ := lint.Parse(sql)
		if want == "" {
			want = sql
		}
		if got := statementSQL(ctx, statements[0]).ForServer(); got != want {
			t.Errorf("%s:\n got %s\nwant %s", sql, got, want)
		}
	}
}
