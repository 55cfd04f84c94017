package lint_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Names without a schema mean what the search path finds where they stand.
func TestNamesAreFoundThroughTheSearchPath(t *testing.T) {
	const base = "CREATE SCHEMA app; CREATE TABLE app.cars (id int, app_only int); CREATE TABLE public.cars (id int, public_only int);"
	for sql, want := range map[string]string{
		"SELECT FROM cars": "public_only",
		"SET search_path = app, public; SELECT FROM cars":                                 "app_only",
		"SET search_path TO public, app; SELECT FROM cars":                                "public_only",
		"SET SCHEMA 'app'; SELECT FROM cars":                                              "app_only",
		"SELECT set_config('search_path', 'app, public', false); SELECT FROM cars":        "app_only",
		`SET search_path = "$user", app; SELECT FROM cars`:                                "app_only",
		"SET search_path = app; RESET search_path; SELECT FROM cars":                      "public_only",
		"SET search_path = app; SET search_path TO DEFAULT; SELECT FROM cars":             "public_only",
		"SET search_path = app; RESET ALL; SELECT FROM cars":                              "public_only",
		"SET search_path = app; DISCARD ALL; SELECT FROM cars":                            "public_only",
		"SET LOCAL search_path = app; SELECT FROM cars":                                   "app_only",
		"SET LOCAL search_path = app; COMMIT; SELECT FROM cars":                           "public_only",
		"SET search_path = app; SET LOCAL search_path = public; COMMIT; SELECT FROM cars": "app_only",
		"SET search_path = app, public; DROP TABLE app.cars; SELECT FROM cars":            "public_only",
		"SET search_path = app, public; SELECT FROM public.cars":                          "public_only",
	} {
		if got := columnOfCars(t, &lint.History{Base: asMigrations(base), New: asMigrations(sql)}); got != want {
			t.Errorf("%s: finds the table with %q, want %s", sql, got, want)
		}
	}
}

func TestSearchPathOfNewSessions(t *testing.T) {
	const tables = "CREATE SCHEMA app; CREATE TABLE app.cars (id int, app_only int); CREATE TABLE public.cars (id int, public_only int);"
	each := func(string) bool { return false }
	for name, c := range map[string]struct {
		history lint.History
		want    string
	}{
		"configured":                   {lint.History{Base: asMigrations(tables), New: asMigrations("SELECT FROM cars"), SearchPath: []string{"app", "public"}}, "app_only"},
		"of the database":              {lint.History{Base: asMigrations(tables, "ALTER DATABASE d SET search_path = app, public"), New: asMigrations("SELECT FROM cars")}, "app_only"},
		"of a role":                    {lint.History{Base: asMigrations(tables, "ALTER ROLE deployer SET search_path TO app, public"), New: asMigrations("SELECT FROM cars")}, "app_only"},
		"left by a file of the review": {lint.History{Base: asMigrations(tables), New: asMigrations("SET search_path = app", "SELECT FROM cars")}, "app_only"},
		"left by a file of the base":   {lint.History{Base: asMigrations(tables, "SET search_path = app"), New: asMigrations("SELECT FROM cars")}, "public_only"},
		"made in the base under it":    {lint.History{Base: asMigrations("CREATE SCHEMA app; SET search_path = app, public", "CREATE TABLE cars (app_only int)"), New: asMigrations("SELECT FROM app.cars")}, "app_only"},
		"a session for each file":      {lint.History{Base: asMigrations(tables), New: asMigrations("SET search_path = app", "SELECT FROM cars"), Outlasts: each}, "public_only"},
	} {
		if got := columnOfCars(t, &c.history); got != c.want {
			t.Errorf("%s: finds the table with %q, want %s", name, got, c.want)
		}
	}
}

func asMigrations(texts ...string) (all []*lint.Migration) {
	for _, text := range texts {
		all = append(all, &lint.Migration{Path: "a.sql", Source: text})
	}
	return all
}

// columnOfCars returns the column by which the last statement's table is told.
func columnOfCars(t *testing.T, h *lint.History) (column string) {
	t.Helper()
	probe := &lint.Rule{ID: "probe", Severity: lint.Notice, Check: func(p *lint.Pass) {
		column = ""
		for _, r := range facts.RelationsIn(p.Node()) {
			if table := p.Table(r); table != nil {
				for _, c := range table.Columns {
					if strings.HasSuffix(c.Name, "_only") {
						column = c.Name
					}
				}
			}
		}
	}}
	lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{probe}})
	return column
}
