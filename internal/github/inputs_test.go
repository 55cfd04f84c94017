package github_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/github"
)

func getenv(env map[string]string) func(string) string {
	return func(name string) string { return env[name] }
}

func TestDefaults(t *testing.T) {
	got, err := github.ReadInputs(getenv(nil))
	want := github.Inputs{WorkingDirectory: ".", Trial: github.Auto, Annotations: true, Summary: true, ApprovalLabel: "migrations:allow"}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestEveryInputIsRead(t *testing.T) {
	got, err := github.ReadInputs(getenv(map[string]string{
		"MIGVET_PATHS":             "db/*.sql\r\n\n  more dir/ \n",
		"MIGVET_CONFIG":            "conf.yml",
		"MIGVET_WORKING_DIRECTORY": "backend",
		"MIGVET_BASE":              " origin/main ",
		"MIGVET_FAIL_ON":           "notice",
		"MIGVET_TRIAL":             "false",
		"MIGVET_POSTGRES":          "16",
		"MIGVET_POSTGRES_BIN":      "/opt/pg/bin",
		"MIGVET_DATABASE_URL":      "postgres://localhost/",
		"MIGVET_DRIZZLE_GENERATE":  "true",
		"MIGVET_ANNOTATIONS":       "FALSE",
		"MIGVET_SUMMARY":           "False",
		"MIGVET_REPORT_FILE":       "out/r.json",
		"MIGVET_SARIF_FILE":        "out/m.sarif",
		"MIGVET_BASELINE":          "old.json",
		"MIGVET_APPROVAL_LABEL":    "off",
	}))
	want := github.Inputs{
		Paths: []string{"db/*.sql", "more dir/"}, Config: "conf.yml", WorkingDirectory: "backend", Base: "origin/main",
		FailOn: "notice", Trial: github.LintOnly, Postgres: 16, PostgresBin: "/opt/pg/bin", DatabaseURL: "postgres://localhost/", DrizzleGenerate: true,
		ReportFile: "out/r.json", SARIFFile: "out/m.sarif", Baseline: "old.json",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestTwoServers(t *testing.T) {
	env := map[string]string{"MIGVET_DOCKER": "postgres:16"}
	if in, err := github.ReadInputs(getenv(env)); err != nil || in.Docker != "postgres:16" {
		t.Errorf("got %q, %v", in.Docker, err)
	}
	env["MIGVET_DATABASE_URL"] = "postgres://localhost/"
	if _, err := github.ReadInputs(getenv(env)); err == nil || !strings.Contains(err.Error(), "docker and database-url") {
		t.Errorf("got %v", err)
	}
}

func TestWrongInputs(t *testing.T) {
	for variable, c := range map[string]struct{ value, want string }{
		"MIGVET_FAIL_ON":  {"eror", `input fail-on: "eror" is none of error, warning, notice, never; did you mean "error"?`},
		"MIGVET_TRIAL":    {"no", `input trial: "no" is none of auto, true, false`},
		"MIGVET_POSTGRES": {"16.2", `input postgres: "16.2" is not a major version of PostgreSQL, for example 16`},
		"MIGVET_SUMMARY":  {"yes", `input summary: "yes" is neither true nor false`},
		"MIGVET_ALL":      {"true", "inputs base, since and all say different things; give one of them"},
	} {
		_, err := github.ReadInputs(getenv(map[string]string{variable: c.value, "MIGVET_BASE": "main"}))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s=%s: got %v, want %s", variable, c.value, err, c.want)
		}
	}
}

func TestSecretsKeepMigrationsFromBeingTried(t *testing.T) {
	own, stranger, exposed := github.Origin{}, github.Origin{Strangers: true}, github.Origin{Strangers: true, Exposed: "issues, where"}
	for _, c := range []struct {
		trial  github.Trial
		origin github.Origin
		tries  bool
		fails  bool
	}{
		{github.Auto, own, true, false},
		{github.Auto, stranger, true, false},
		{github.Auto, exposed, false, false},
		{github.Yes, own, true, false},
		{github.Yes, stranger, true, false},
		{github.Yes, exposed, false, true},
		{github.LintOnly, own, false, false},
		{github.LintOnly, exposed, false, false},
	} {
		tries, err := github.Inputs{Trial: c.trial}.Tries(c.origin)
		if tries != c.tries || (err != nil) != c.fails {
			t.Errorf("trial %s of %+v: got %v, %v", c.trial, c.origin, tries, err)
		}
	}
}

func TestReportPath(t *testing.T) {
	temp := getenv(map[string]string{"RUNNER_TEMP": "/tmp/job"})
	for _, c := range []struct {
		file   string
		getenv func(string) string
		want   string
	}{
		{"out/r.json", temp, "out/r.json"},
		{"", temp, "/tmp/job/migvet/report.json"},
		{"", getenv(nil), ""},
	} {
		if got := (github.Inputs{ReportFile: c.file}).ReportPath(c.getenv); got != c.want {
			t.Errorf("report-file %q: got %q, want %q", c.file, got, c.want)
		}
	}
}
