package sqlvalue

import "testing"

func TestWorstVolatility(t *testing.T) {
	declared := func(name string) Volatility {
		if name == "app.fixed" {
			return Immutable
		}
		return UnknownVolatility
	}
	for sql, want := range map[string]struct {
		worst    Volatility
		function string
	}{
		"'a'":                           {Immutable, ""},
		"lower('A') || app.fixed()":     {Immutable, ""},
		"CURRENT_DATE - now()::date":    {Stable, "current_date"},
		"now() + other() * 2":           {UnknownVolatility, "other"},
		"other(round(random() * 10))":   {Volatile, "random"},
		"extensions.uuid_generate_v4()": {Volatile, "extensions.uuid_generate_v4"},
	} {
		if worst, function := WorstVolatility(expression(t, sql), declared); worst != want.worst || function != want.function {
			t.Errorf("%s: %d because of %q, want %d because of %q", sql, worst, function, want.worst, want.function)
		}
	}
}
