package config

import (
	"strings"
	"testing"
	"time"
)

func TestGlob(t *testing.T) {
	tests := []struct {
		pattern string
		yes, no []string
	}{
		{"a.sql", []string{"a.sql"}, []string{"b/a.sql", "a.sqlx", "A.sql"}},
		{"legacy", []string{"legacy", "legacy/a.sql", "legacy/x/y.sql"}, []string{"legacy2/a.sql", "x/legacy/a.sql"}},
		{"legacy/", []string{"legacy/a.sql"}, []string{"legacy2"}},
		{"./legacy", []string{"legacy/a.sql"}, []string{"a.sql"}},
		{"legacy/*", []string{"legacy/a.sql", "legacy/x/y.sql"}, []string{"legacy"}},
		{"legacy/**", []string{"legacy/a", "legacy/a/b/c"}, []string{"a/legacy/b"}},
		{"*.sql", []string{"a.sql", ".sql"}, []string{"b/a.sql", "a.sql.txt"}},
		{"**", []string{"a", "a/b/c"}, nil},
		{".", []string{"a", "a/b/c"}, nil},
		{"**/*.sql", []string{"a.sql", "b/a.sql", "c/b/a.sql"}, []string{"a.txt"}},
		{"**/old", []string{"old/a", "x/old/a", "x/y/old"}, []string{"x/older/a"}},
		{"a/**/z", []string{"a/z", "a/b/z", "a/b/c/z/d"}, []string{"a/b", "b/a/z"}},
		{"a/**/b/**/c", []string{"a/b/c", "a/x/b/y/z/c", "a/b/b/c"}, []string{"a/c", "a/x/c"}},
		{"a**b/c", []string{"axb/c", "ab/c"}, []string{"a/b/c"}},
		{"0012_*.sql", []string{"0012_x.sql"}, []string{"0013_x.sql"}},
		{"?.sql", []string{"é.sql"}, []string{"ab.sql", "/.sql"}},
		{"[0-9][0-9]", []string{"42"}, []string{"4", "4x"}},
		{"[^a]", []string{"b"}, []string{"a"}},
		{`\*`, []string{"*"}, []string{"x"}},
		{"a//b/../c", []string{"a/c"}, []string{"a/b/c"}},
	}
	for _, tt := range tests {
		g, err := parseGlob(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		for _, p := range tt.yes {
			if !g.match(p) {
				t.Errorf("%s does not match %s", tt.pattern, p)
			}
		}
		for _, p := range tt.no {
			if g.match(p) {
				t.Errorf("%s matches %s", tt.pattern, p)
			}
		}
	}
}

func TestGlobRefuses(t *testing.T) {
	for _, pattern := range []string{"", "/a", "..", "../a", "a/../../b", "[", "a/[x", `a\`, "[]"} {
		if g, err := parseGlob(pattern); err == nil {
			t.Errorf("%q is accepted as %q", pattern, g)
		}
	}
}

func TestGlobTakesNoExponentialTime(t *testing.T) {
	g, err := parseGlob(strings.Repeat("**/a*a*a*/", 50) + "b")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if g.match(strings.Repeat(strings.Repeat("a", 50)+"/", 100) + "c") {
		t.Error("matches")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
}
