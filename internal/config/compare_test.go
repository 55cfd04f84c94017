package config

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/lint"
)

var compared = []*lint.Rule{
	{ID: "column-dropped", Severity: lint.Error},
	{ID: "table-dropped", Severity: lint.Error},
	{ID: "style", Severity: lint.Off},
}

func parsed(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Parse("db/.migvet.yml", []byte(text), compared)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWeaker(t *testing.T) {
	for name, c := range map[string]struct {
		base, head string
		want       []string
	}{
		"nothing":       {"rules: {column-dropped: warning}", "rules: {column-dropped: warning}", nil},
		"off":           {"", "rules: {column-dropped: off}", []string{"turns column-dropped off"}},
		"lower":         {"", "rules: {table-dropped: notice}", []string{"lowers table-dropped from error to notice"}},
		"not raised":    {"rules: {style: error}", "", []string{"turns style off"}},
		"higher":        {"rules: {table-dropped: notice}", "rules: {table-dropped: warning, style: error}", nil},
		"ignored":       {"ignore-paths: [a/**]", "ignore-paths: [a/**, b/*.sql]", []string{"ignores db/b/*.sql"}},
		"accepted":      {"", "accept: [{rule: table-dropped, path: x.sql, reason: why not}]", []string{"accepts table-dropped in db/x.sql"}},
		"fail-on":       {"", "fail-on: never", []string{"sets fail-on to never"}},
		"fail-on lower": {"fail-on: warning", "", []string{"sets fail-on to error"}},
		"fail-on more":  {"", "fail-on: notice", nil},
		"superuser":     {"role: owner", "role: superuser", []string{"runs migrations as a superuser"}},
		"narrowed":      {"", "migrations: [{dir: a}]", []string{"checks only db/a"}},
		"dropped":       {"migrations: [{dir: a}, {dir: b}]", "migrations: [{dir: b}, {dir: c}]", []string{"no longer checks db/a"}},
		"detected":      {"migrations: [{dir: a}]", "", nil},
		"sizes":         {"", "{stats: s.json, small-table: {size: 5 MB}}", []string{"takes the sizes of tables from db/s.json", "calls larger tables small"}},
		"baseline":      {"", "baseline: old.json", []string{"accepts the findings in db/old.json"}},
	} {
		if got := Weaker(parsed(t, c.base), parsed(t, c.head), compared); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Strangers may say where migrations are and nothing else.
func TestTrusted(t *testing.T) {
	head := parsed(t, `{role: superuser, fail-on: never, postgres: 14, baseline: b.json, migrations: [{dir: new}],
rules: {column-dropped: off}, ignore-paths: ["**"], accept: [{rule: table-dropped, path: "**", reason: x}]}`)
	c := Trusted(Default(), head)
	if len(c.Migrations) != 1 || c.Migrations[0].Dir != "db/new" {
		t.Errorf("migrations are %v", c.Migrations)
	}
	kept, _ := c.Accept([]lint.Finding{{Rule: "table-dropped", Path: "db/x.sql"}})
	if c.Role != Owner || c.FailOn != "" || c.Postgres != 0 || c.Baseline != "" || len(c.Severity()) != 0 || c.IgnoresPath("db/a") || len(kept) != 1 {
		t.Errorf("the stranger's configuration counts: %+v", c)
	}
}
