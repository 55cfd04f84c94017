package config

import (
	"slices"
	"testing"
)

func TestNamedFiles(t *testing.T) {
	c := Default()
	if got := c.NamedFiles(); len(got) > 0 {
		t.Errorf("no configuration names %q", got)
	}
	c.Before, c.BaseSchema, c.Stats, c.Baseline = "b.sql", "s.sql", "stats.csv", "baseline.json"
	c.Migrations = []Folder{{Dir: "m", BaseSchema: "s.sql", StandIn: map[string]string{"1": "x/1.sql", "2": "x/2.sql"}}}
	want := []string{"b.sql", "baseline.json", "s.sql", "stats.csv", "x/1.sql", "x/2.sql"}
	if got := c.NamedFiles(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
