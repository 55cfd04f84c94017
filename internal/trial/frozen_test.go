package trial

import (
	"testing"

	"github.com/migvet/migvet/internal/schema"
)

func TestFrozenDefaultsOfOneRunAreTheSame(t *testing.T) {
	const early, late = "'2026-11-26 00:00:42.495767+00'::timestamp with time zone", "'2026-11-26 00:00:44.1+00'::timestamp with time zone"
	for name, c := range map[string]struct {
		from, to string
		same     bool
	}{
		"moments of a run":      {early, late, true},
		"without zone":          {"'2026-11-26 00:00:42'::timestamp without time zone", "'2026-11-26 00:00:43.5'::timestamp without time zone", true},
		"moments that are said": {"'2020-01-01 00:00:00+00'::timestamp with time zone", early, false},
		"one is computed":       {"now()", early, false},
		"none":                  {"", early, false},
		"no moments":            {"'a'::text", "'b'::text", false},
	} {
		change := schema.Change{What: schema.Changed, Differences: []schema.Difference{{Property: "default", From: c.from, To: c.to}}}
		if left := withoutMoments([]schema.Change{change}); (len(left) == 0) != c.same {
			t.Errorf("%s: %v is left", name, left)
		}
	}
	added := []schema.Change{{What: schema.Added}}
	if len(withoutMoments(added)) != 1 {
		t.Error("what was added is left out")
	}
}
