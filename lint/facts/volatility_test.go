package facts_test

import (
	"testing"

	"github.com/migvet/migvet/lint/facts"
)

func TestWorstVolatility(t *testing.T) {
	declared := func(name string) facts.Volatility {
		if name == "app.fixed" {
			return facts.Immutable
		}
		return facts.UnknownVolatility
	}
	for sql, want := range map[string]struct {
		worst    facts.Volatility
		function string
	}{
		"'a'":                           {facts.Immutable, ""},
		"lower('A') || app.fixed()":     {facts.Immutable, ""},
		"CURRENT_DATE - now()::date":    {facts.Stable, "current_date"},
		"now() + other() * 2":           {facts.UnknownVolatility, "other"},
		"other(round(random() * 10))":   {facts.Volatile, "random"},
		"extensions.uuid_generate_v4()": {facts.Volatile, "extensions.uuid_generate_v4"},
	} {
		if worst, function := facts.WorstVolatility(expression(sql), declared); worst != want.worst || function != want.function {
			t.Errorf("%s: %d because of %q, want %d because of %q", sql, worst, function, want.worst, want.function)
		}
	}
}
