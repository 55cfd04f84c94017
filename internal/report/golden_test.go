package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-update writes it); got:\n%s", path, got)
	}
}

func write(t testing.TB, format report.Format, r *report.Report) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := format(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGolden(t *testing.T) {
	passed := &report.Report{SchemaUnknown: true, Version: "0.1.0", Result: report.Passed, Base: "origin/main",
		Migrations: []report.Migration{{Path: "db/001.sql", Name: "001.sql", Tool: "SQL files", Status: report.New, Applied: report.NotTried}}}
	nothing := &report.Report{Version: "0.1.0", Result: report.Passed, Base: "origin/main"}
	for _, name := range report.Formats() {
		format, err := report.ByName(name, report.TextOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			golden(t, "relay."+name, write(t, format, relay(t)))
			golden(t, "passed."+name, write(t, format, passed))
			golden(t, "nothing."+name, write(t, format, nothing))
		})
	}
}

func TestTextForTerminals(t *testing.T) {
	format, err := report.ByName("text", report.TextOptions{Color: true, Source: true})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "terminal.text", write(t, format, relay(t)))
}

func TestUnknownFormat(t *testing.T) {
	_, err := report.ByName("jsn", report.TextOptions{})
	if want := `unknown format "jsn"; did you mean "json"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCountsLeaveOutAccepted(t *testing.T) {
	r := relay(t)
	if e, w, n := r.Count(lint.Error), r.Count(lint.Warning), r.Count(lint.Notice); e != 2 || w != 1 || n != 1 {
		t.Errorf("got %d errors, %d warnings, %d notices", e, w, n)
	}
}

func TestWriteErrorsComeBack(t *testing.T) {
	for _, name := range report.Formats() {
		format, err := report.ByName(name, report.TextOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := format(broken{}, relay(t)); err != errBroken {
			t.Errorf("%s: got %v, want the writer's error", name, err)
		}
	}
}

type broken struct{}

var errBroken = os.ErrClosed

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// A server that was started and then failed has tried nothing.
func TestFailedTrialIsNotCalledATrial(t *testing.T) {
	r := relay(t)
	for i := range r.Migrations {
		r.Migrations[i].Applied = report.NotTried
	}
	for _, name := range []string{"text", "markdown"} {
		format, err := report.ByName(name, report.TextOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if out := write(t, format, r); bytes.Contains(bytes.ToLower(out), []byte("tried on postgresql 16.14\n")) || bytes.Contains(out, []byte("tried on PostgreSQL 16.14 (")) {
			t.Errorf("%s says that it was tried:\n%s", name, out)
		}
	}
}
