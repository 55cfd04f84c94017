package rules_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Several walks find what one finds, in its order: of all cases as one history, which
// is long enough for as many as there are processors.
func TestWalksAgree(t *testing.T) {
	one := findTogether(t, 1)
	if len(one) < 1000 {
		t.Fatalf("one walk finds %d", len(one))
	}
	for range 3 {
		if many := findTogether(t, 8); !slices.Equal(many, one) {
			t.Fatalf("8 walks find %d, one finds %d, or in another order", len(many), len(one))
		}
	}
}

// A foundLine is what there is to compare of a finding.
type foundLine struct {
	rule, path, message string
	start               int
}

func findTogether(t *testing.T, processors int) []foundLine {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	h := &lint.History{}
	for _, c := range loadCases(t) {
		h.New = append(h.New, c.history().New...)
	}
	var found []foundLine
	for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: rules.All(), Panicked: panicAgain}) {
		found = append(found, foundLine{f.Rule, f.Path, f.Message, f.Start})
	}
	return found
}
