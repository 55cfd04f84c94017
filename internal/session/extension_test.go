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
	} {
		m := &lint.Migration{Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}
		if got := CreatesExtension(m, func(name string) bool { return name == "vector" }); got != want {
			t.Errorf("%s: %t", sql, got)
		}
	}
}
