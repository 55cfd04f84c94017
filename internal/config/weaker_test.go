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
		"lock_timeout":  {"max-lock-timeout: 5s", "max-lock-timeout: 5min", []string{"lets lock_timeout be longer"}},
		"a shorter one": {"max-lock-timeout: 5s", "max-lock-timeout: 2s", nil},
		"sizes":         {"", "{stats: s.json, small-table: {size: 5 MB}}", []string{"takes the sizes of tables from db/s.json", "calls larger tables small"}},
		"baseline":      {"", "baseline: old.json", []string{"accepts the findings in db/old.json"}},
		"owner":         {"role: superuser", "", []string{"runs migrations as the owner of the database"}},
		"postgres":      {"postgres: 16", "postgres: 14", []string{"sets postgres to 14"}},
		"no version":    {"postgres: 16", "", []string{"removes postgres"}},
		"search path":   {"search-path: [app]", "search-path: [app, public]", []string{"sets search-path to [app, public]"}},
		"no presets":    {"", "presets: []", []string{"sets presets to []"}},
		"other tool":    {"migrations: [{dir: a, tool: plain}]", "migrations: [{dir: a, tool: goose}]", []string{"sets tool to goose in db/a"}},
		"detected tool": {"migrations: [{dir: a, tool: plain}]", "", []string{"removes tool in db/a"}},
		"placeholders":  {"migrations: [{dir: a}]", `migrations: [{dir: a, placeholders: {b: "--", a: x}}]`, []string{`sets placeholders to {a: "x", b: "--"} in db/a`}},
		"history table": {"migrations: [{dir: a}]", "migrations: [{dir: a, history-table: x.y}]", []string{"sets history-table to x.y in db/a"}},
		"runner":        {"runner: {lock: 1}", "runner: {lock: 1, mode: wait}", []string{"sets runner to {lock: 1, mode: wait, on-busy: skip, timeout: 30s}"}},
	} {
		if got := Weaker(parsed(t, c.base), parsed(t, c.head), compared); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
