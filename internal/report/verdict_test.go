package report_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
	catalog "github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
)

// TestVerdictsClaimNothingBesideWhatIsMissing holds in every format that has a verdict.
func TestVerdictsClaimNothingBesideWhatIsMissing(t *testing.T) {
	one := []report.Migration{{Path: "db/7_tags.sql", Name: "7_tags", Status: report.New, Applied: report.Applied}}
	broken := []report.Migration{{Path: "db/7_tags.sql", Name: "7_tags", Status: report.New, Applied: report.Failed}}
	skipped := report.Unchecked{Path: "legacy", Start: lint.NoPos, Reason: "its SQL is for MySQL"}
	changed := report.Unchecked{Path: "ops/x.sql", Start: lint.NoPos, Reason: "is in no folder of migrations", Warn: true}
	nowhere := report.Unchecked{Start: lint.NoPos, Reason: "no folder of migrations was found", Warn: true}
	accepted := lint.Finding{Rule: "does-not-apply", Severity: lint.Error, Path: "db/7_tags.sql", Start: lint.NoPos, Message: "7_tags does not apply", Stops: true, Accepted: "known"}
	for _, test := range []struct {
		want    string // in the text report
		comment string // in the comment, where it says less
		report  report.Report
	}{
		{"no findings in 1 migration", "", report.Report{Migrations: one}},
		{"no new migrations since main, nothing to check", "", report.Report{Base: "main"}},
		{"nothing was found in 1 migration; 1 item is under Not checked", "", report.Report{Migrations: one, Unchecked: []report.Unchecked{skipped}}},
		{"nothing was found in 1 migration; 2 items are under Not checked", "", report.Report{Migrations: one, Unchecked: []report.Unchecked{skipped, changed}}},
		{"nothing was found in 1 migration; 1 changed file was not checked", "nothing was found in 1 migration; 1 item is under Not checked", report.Report{Migrations: one, Unchecked: []report.Unchecked{changed}}},
		{"no new migrations since main; 1 item is under Not checked", "", report.Report{Base: "main", Unchecked: []report.Unchecked{skipped}}},
		{"no new migrations; 2 changed files were not checked", "no new migrations; 2 items are under Not checked", report.Report{Unchecked: []report.Unchecked{changed, changed}}},
		{"no folder of migrations was found, nothing was checked", "no new migrations; 1 item is under Not checked", report.Report{NoFolders: true, Unchecked: []report.Unchecked{nowhere}}},
		{"not everything could be checked: no folder of migrations was found", "not everything could be checked; the rest has no new migrations", report.Report{Result: report.NotChecked, NoFolders: true, Unchecked: []report.Unchecked{changed}}},
		{"not everything could be checked: nothing was found in the rest", "", report.Report{Result: report.NotChecked, Migrations: one, Unchecked: []report.Unchecked{skipped}}},
		{"not everything could be checked; the rest has no new migrations since main", "", report.Report{Result: report.NotChecked, Base: "main", Unchecked: []report.Unchecked{skipped}}},
		{"the new migrations do not apply: nothing else was found", "", report.Report{Result: report.NotApplied, Migrations: broken}},
		{"the new migrations do not apply: nothing else was found", "", report.Report{Result: report.NotApplied, Migrations: one}},
		{"the server refused a migration, which is accepted: nothing else was found", "", report.Report{Migrations: broken, Accepted: []lint.Finding{accepted}}},
		{"not everything could be checked: nothing else was found", "", report.Report{Result: report.NotChecked, Migrations: broken, Accepted: []lint.Finding{accepted}, Unchecked: []report.Unchecked{skipped}}},
	} {
		t.Run(test.want, func(t *testing.T) {
			r := &test.report
			if r.Result == "" {
				r.Result = report.Passed
			}
			missing := len(r.Unchecked) > 0 || r.Result != report.Passed || len(r.Accepted) > 0
			for _, name := range append(report.Formats(), "comment") {
				checkVerdict(t, name, verdictIn(t, name, r), missing)
			}
			if text := verdictIn(t, "text", r); !strings.HasSuffix(text, "migvet: "+test.want+"\n") {
				t.Errorf("no %q in %s", test.want, text)
			}
			if test.comment == "" {
				test.comment = test.want
			}
			if text := verdictIn(t, "comment", r); !strings.Contains(text, " migvet: "+test.comment+"\n") {
				t.Errorf("no %q in %s", test.comment, text)
			}
		})
	}
}

// checkVerdict looks for claims that nothing is wrong.
func checkVerdict(t *testing.T, name, text string, missing bool) {
	t.Helper()
	for _, claim := range []string{"no findings", "nothing to check"} {
		if missing && strings.Contains(text, claim) {
			t.Errorf("%s says %q beside what is missing: %s", name, claim, text)
		}
	}
}

func verdictIn(t *testing.T, name string, r *report.Report) string {
	t.Helper()
	if name == "comment" {
		return strings.ReplaceAll(document(t, r).Comment(""), "&#58;", ":")
	}
	return written(t, name, r)
}

// TestSchemaChangeOfWhatDidNotRun tells what is not known from what is no change.
func TestSchemaChangeOfWhatDidNotRun(t *testing.T) {
	empty := &catalog.Schema{}
	made := &catalog.Schema{Objects: []catalog.Object{{Kind: catalog.Table, Schema: "public", Name: "tags"}}}
	changes := catalog.Diff(empty, made, catalog.Options{})
	for _, test := range []struct {
		name    string
		change  report.SchemaChange
		want    string
		unknown bool
	}{
		{"nothing changed", report.SchemaChange{Before: empty, After: empty}, "Schema change: none at all", false},
		{"nothing ran", report.SchemaChange{Before: empty, After: empty, NotRun: 2}, "Schema change: not known, since 2 new migrations did not run", true},
		{"one ran", report.SchemaChange{Before: empty, After: made, Changes: changes, NotRun: 1}, "Schema change, without 1 new migration that did not run:", false},
		{"all ran", report.SchemaChange{Before: empty, After: made, Changes: changes}, "Schema change:", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &report.Report{Result: report.NotChecked, Schema: []report.SchemaChange{test.change}, SchemaUnknown: test.unknown}
			for _, name := range []string{"text", "markdown"} {
				text := strings.ReplaceAll(written(t, name, r), "&#58;", ":")
				if !strings.Contains(text, test.want) || test.unknown && strings.Contains(text, "none at all") {
					t.Errorf("no %q in %s", test.want, text)
				}
			}
			var told struct{ SchemaChanges *[]any }
			if err := json.Unmarshal([]byte(written(t, "json", r)), &told); err != nil || (told.SchemaChanges == nil) != test.unknown {
				t.Errorf("got %v, %v", told.SchemaChanges, err)
			}
		})
	}
}
