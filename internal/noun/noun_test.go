package noun_test

import (
	"testing"

	"github.com/migvet/migvet/internal/noun"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0 rows", 1: "1 row", 2: "2 rows", 1_000_000: "1000000 rows"} {
		if got := noun.Count(n, "row"); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
