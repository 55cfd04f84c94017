package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/config"
)

// Where each folder runs after both of the layer below, ways double with each layer.
func TestAfterWithManyWays(t *testing.T) {
	var b strings.Builder
	b.WriteString("migrations:\n  - {dir: a0}\n  - {dir: b0}\n")
	for i := 1; i < 2000; i++ {
		for _, name := range []string{"a", "b"} {
			fmt.Fprintf(&b, "  - {dir: %s%d, after: [a%d, b%[3]d]}\n", name, i, i-1)
		}
	}
	c := parse(t, ".migvet.yml", b.String())
	if len(c.Migrations) != 4000 {
		t.Errorf("%d folders", len(c.Migrations))
	}
}

func TestAfterInCircles(t *testing.T) {
	tests := map[string]struct{ content, want string }{
		"each is told once": {
			"migrations: [{dir: a, after: [b, c]}, {dir: b, after: a}, {dir: c, after: b}]",
			"after goes in a circle: a after b after a; one of them has to come first",
		},
		"that is left behind": {
			"migrations: [{dir: x, after: a}, {dir: a, after: b}, {dir: b, after: a}]",
			"after goes in a circle: a after b after a; one of them has to come first",
		},
		"of many": {
			"migrations: [" + chain(20) + ", {dir: d0, after: d20}]",
			"after goes in a circle: d1 after d0 after d20 after d19 after d18 after d17 after d16 after d15 after d14 after … after d1; one of them has to come first",
		},
		"a name that YAML needs quoted": {
			"migrations: [{dir: a, after: \"my, folder\"}]",
			`after names "my, folder", which is no item of migrations; add - dir: "my, folder"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("c.yml", []byte(tt.content), known)
			if err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.HasSuffix(err.Error(), tt.want) {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}

// chain has d1 run after d0, d2 after d1, and so on.
func chain(n int) string {
	var items []string
	for i := 1; i <= n; i++ {
		items = append(items, fmt.Sprintf("{dir: d%d, after: d%d}", i, i-1))
	}
	return strings.Join(items, ", ")
}
