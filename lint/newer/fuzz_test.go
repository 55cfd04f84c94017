package newer_test

import (
	"testing"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/newer"
)

// FuzzBridge holds Bridge to its promises on any bytes: it keeps the length, and each
// construct is at a place in the text.
func FuzzBridge(f *testing.F) {
	for _, tt := range statements {
		f.Add(tt.text)
		for cut := range tt.text {
			if cut%7 == 0 {
				f.Add(tt.text[:cut])
			}
		}
	}
	for _, text := range []string{"", ")", "(", "NOT", "NOT NULL", "GENERATED ALWAYS AS (", "JSON(", "JSON_TABLE(x COLUMNS", "MERGE PARTITIONS (", "ALTER TABLE SPLIT PARTITION INTO (", "PERIOD", "ü NOT ENFORCED", "é), NOT NULL \"ü\""} {
		f.Add(text)
	}
	f.Fuzz(checkBridge)
}

func checkBridge(t *testing.T, text string) {
	tokens, err := lint.Scan(text)
	if err != nil {
		return
	}
	older, found := newer.Bridge(text, tokens)
	if len(older) != len(text) || found == nil && older != text {
		t.Fatalf("%q gives %q, %v", text, older, found)
	}
	if utf8.ValidString(text) && !utf8.ValidString(older) {
		t.Fatalf("%q gives %q", text, older)
	}
	for _, c := range found {
		if c.Start < 0 || c.Start >= c.End || c.End > len(text) || c.Of < -1 || c.Of >= len(text) || c.String() == "" {
			t.Fatalf("%q: %+v", text, c)
		}
	}
	newer.Restore(lint.Tree(text), found)
}

// Tokens that are not those of the text do no harm.
func TestBridgeOfForeignTokens(t *testing.T) {
	tokens := []*pg.ScanToken{{Start: -1, End: 3}, {Start: 2, End: 90}, {Start: 5, End: 1}}
	if older, found := newer.Bridge("SELECT 1", tokens); older != "SELECT 1" || found != nil {
		t.Errorf("%q, %v", older, found)
	}
}
