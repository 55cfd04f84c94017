package github_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

func sample() *report.Report {
	return &report.Report{
		Result: report.NotApplied, ExitCode: 4,
		Findings: []lint.Finding{{Rule: "a", Severity: lint.Error}, {Rule: "b", Severity: lint.Notice}, {Rule: "c", Severity: lint.Notice}},
		Accepted: []lint.Finding{{Rule: "d", Severity: lint.Warning}},
		Migrations: []report.Migration{
			{Path: "db/1 \"é\".sql", Applied: report.Applied},
			{Path: "db/2.sql", Applied: report.Failed},
		},
		Sources: map[string]string{"db/2.sql": "SELECT 1;\nSELECT\n  secret;"},
		Trial: &report.Trial{Postgres: "16.14", Statements: []report.Statement{
			{Path: "db/2.sql", Start: 0, SQL: "SELECT 1", Effect: &lint.Effect{}},
			{Path: "db/2.sql", Start: 10, SQL: "SELECT secret", Effect: &lint.Effect{Err: &lint.SQLError{SQLState: "42703", Message: "a message", Offset: 19}}},
		}},
	}
}

const sampleOutputs = `result=not-applied
exit-code=4
changed=true
files=["db/1 \"é\".sql","db/2.sql"]
findings=3
errors=1
warnings=0
notices=2
applied=1
failed-file=db/2.sql
failed-line=3
sqlstate=42703
report-json=/tmp/r.json
postgres-version=16.14
`

// step has files as a step of GitHub Actions does.
func step(t *testing.T) (files github.Files, output, summary string) {
	dir := t.TempDir()
	output, summary = filepath.Join(dir, "output"), filepath.Join(dir, "summary")
	return github.Files{
		Getenv: getenv(map[string]string{"GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary}),
		Append: func(path string) (io.WriteCloser, error) {
			return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		},
	}, output, summary
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func TestOutputs(t *testing.T) {
	files, output, _ := step(t)
	if err := files.WriteOutputs(github.NewOutputs(sample(), "/tmp/r.json")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, output); got != sampleOutputs {
		t.Errorf("got\n%s\nwant\n%s", got, sampleOutputs)
	}
}

func TestOutputsOfARunThatWasNone(t *testing.T) {
	files, output, _ := step(t)
	if err := files.WriteOutputs(github.Outputs{Result: report.NotChecked, ExitCode: 3}); err != nil {
		t.Fatal(err)
	}
	got := read(t, output)
	for _, want := range []string{"result=error\n", "exit-code=3\n", "changed=false\n", "files=[]\n", "failed-line=\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// A value with a line end could set any output, so nothing is written at all.
func TestOutputsCannotBeForged(t *testing.T) {
	for _, path := range []string{"a\nexit-code=0", "a\rexit-code=0", "a\x00"} {
		files, output, _ := step(t)
		err := files.WriteOutputs(github.Outputs{FailedFile: path})
		if err == nil || !strings.HasPrefix(err.Error(), "output failed-file: ") {
			t.Errorf("%q: got %v", path, err)
		}
		if got := read(t, output); got != "" {
			t.Errorf("%q: wrote %q", path, got)
		}
	}
}

func TestPathsInListsAreEscaped(t *testing.T) {
	files, output, _ := step(t)
	if err := files.WriteOutputs(github.Outputs{Files: []string{"a\nresult=passed", "files<<EOF"}}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, output); !strings.Contains(got, `files=["a\nresult=passed","files\u003c\u003cEOF"]`+"\n") || strings.Count(got, "result=") != 2 {
		t.Errorf("got %s", got)
	}
}

func TestFilesAreLimited(t *testing.T) {
	files, output, _ := step(t)
	if err := files.WriteOutputs(github.Outputs{Files: make([]string, 5000)}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(read(t, output), `""`); n != 1000 {
		t.Errorf("%d files", n)
	}
}

func TestSummaryIsAppended(t *testing.T) {
	files, _, summary := step(t)
	for range 2 {
		if err := files.WriteSummary("## migvet\n"); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(read(t, summary), "## migvet"); n != 2 {
		t.Errorf("%d summaries", n)
	}
}

func TestOutsideOfActionsNothingIsWritten(t *testing.T) {
	files := github.Files{Getenv: getenv(nil), Append: func(path string) (io.WriteCloser, error) {
		t.Errorf("opens %q", path)
		return nil, os.ErrInvalid
	}}
	if err := errors.Join(files.WriteOutputs(github.NewOutputs(sample(), "")), files.WriteSummary("## migvet\n")); err != nil {
		t.Error(err)
	}
}

type full struct{ closed *bool }

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func (f full) Close() error {
	*f.closed = true
	return nil
}

func TestWriteErrorsComeBack(t *testing.T) {
	closed := false
	files, _, _ := step(t)
	files.Append = func(string) (io.WriteCloser, error) { return full{&closed}, nil }
	if err := files.WriteSummary("## migvet\n"); err == nil || err.Error() != "write GITHUB_STEP_SUMMARY: disk full" || !closed {
		t.Errorf("got %v, closed %v", err, closed)
	}
	files.Append = func(string) (io.WriteCloser, error) { return nil, os.ErrPermission }
	if err := files.WriteOutputs(github.Outputs{}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("got %v", err)
	}
}
