//go:build unix

package lint

import (
	"os"
	"testing"
)

// The parser leaves the standard error output as it was, though many threads parse.
func TestParseAheadKeepsStderr(t *testing.T) {
	before, err := os.Stderr.Stat()
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		var all []*Migration
		for range 200 {
			all = append(all, &Migration{Source: "SELECT 1; SELEC 2", Chunks: []Span{{0, 17}}})
		}
		ParseAhead(all)
		after, err := os.Stderr.Stat()
		if err != nil || !os.SameFile(before, after) {
			t.Fatalf("it was %v and is %v: %v", before, after, err)
		}
	}
}
