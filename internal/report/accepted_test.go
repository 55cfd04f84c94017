package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// refused is a run in which the server refuses the second statement.
func refused(t *testing.T, accepted string) *report.Report {
	f := finding(t, "does-not-apply", lint.Error, "ALTER TABLE \"tasks\"", "0010_cuddly_hulk does not apply: no such table", "")
	f.Stops, f.Accepted = true, accepted
	r := &report.Report{
		Sources: map[string]string{hulk: hulkSQL}, Rules: rules, FailOn: lint.Error,
		Migrations: []report.Migration{{Path: hulk, Name: "0010_cuddly_hulk", Status: report.New, Applied: report.Failed}},
	}
	if accepted == "" {
		r.Findings, r.Result, r.ExitCode = []lint.Finding{f}, report.NotApplied, 4
	} else {
		r.Accepted, r.Result = []lint.Finding{f}, report.Passed
	}
	return r
}

// TestRefusalsAreToldInEveryFormat holds also where one is accepted: then with the
// reason, and as nothing that fails.
func TestRefusalsAreToldInEveryFormat(t *testing.T) {
	failing := map[string]string{"gitlab": `"critical"`, "rdjsonl": `"ERROR"`, "junit": "<failure", "sarif": `"level": "error"`, "github": "::error", "text": ": error:"}
	for _, name := range report.Formats() {
		for _, accepted := range []string{"", "made by hand there"} {
			t.Run(name+" "+accepted, func(t *testing.T) {
				text := written(t, name, refused(t, accepted))
				for _, want := range []string{"no such table", accepted} {
					if !strings.Contains(strings.NewReplacer("&#58;", ":", "\u200b", "").Replace(text), want) {
						t.Errorf("%q is not in %s", want, text)
					}
				}
				if sign := failing[name]; sign != "" && strings.Contains(text, sign) != (accepted == "") {
					t.Errorf("%s in %s", sign, text)
				}
				if strings.Contains(text, "no findings") {
					t.Errorf("no findings beside a refusal in %s", text)
				}
			})
		}
	}
}

func written(t *testing.T, name string, r *report.Report) string {
	t.Helper()
	format, err := report.ByName(name, report.TextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := format(&text, r); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestVerdictBesideARefusal(t *testing.T) {
	unchecked := refused(t, "")
	unchecked.Findings, unchecked.Result = nil, report.NotChecked
	for want, r := range map[string]*report.Report{
		"migvet: the new migrations do not apply: 1 error in 1 file":                        refused(t, ""),
		"migvet: the server refused a migration, which is accepted: nothing else was found": refused(t, "known"),
		"migvet: not everything could be checked: nothing else was found":                   unchecked,
		"migvet: no findings in 1 migration":                                                {Result: report.Passed, Migrations: []report.Migration{{Path: "a.sql", Applied: report.Applied}}},
	} {
		if text := written(t, "text", r); !strings.HasSuffix(text, "\n"+want+"\n") {
			t.Errorf("no %q at the end of %s", want, text)
		}
	}
}

func TestLogListsSomeOfTheAccepted(t *testing.T) {
	r := refused(t, "known")
	last := r.Accepted[0]
	r.Accepted = nil
	for i := range 60 {
		r.Accepted = append(r.Accepted, lint.Finding{Rule: "table-dropped", Path: fmt.Sprintf("%02d.sql", i), Start: lint.NoPos, Accepted: "old"})
	}
	r.Accepted = append(r.Accepted, last)
	text := written(t, "text", r)
	if !strings.Contains(text, "61 findings accepted by ignore comments, the configuration, the baseline or labels:\n  "+hulk+":3:1: does-not-apply: known; 0010_cuddly_hulk does not apply") {
		t.Errorf("the refusal is not the first in %s", text)
	}
	if n := strings.Count(text, "table-dropped: old\n"); n != 49 || !strings.Contains(text, "\n  and 11 more, which the format json lists\n") {
		t.Errorf("%d listed in %s", n, text)
	}
}
