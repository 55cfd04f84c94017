package rules_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestMasks runs all rules on all that there is, with what they say they are
// about (Rule.On, Rule.Measured) and without: a rule that speaks of a statement
// outside of its mask would be silent in every run.
func TestMasks(t *testing.T) {
	masked, unmasked := lint.Options{Severity: map[string]lint.Severity{}, Panicked: panicAgain}, lint.Options{Panicked: panicAgain}
	for _, r := range rules.All() {
		masked.Severity[r.ID] = max(r.Severity, lint.Notice)
		masked.Rules = append(masked.Rules, r)
		bare := *r
		bare.On, bare.Measured = 0, false
		unmasked.Rules = append(unmasked.Rules, &bare)
	}
	unmasked.Severity = masked.Severity
	findings := 0
	compare := func(name string, h *lint.History) {
		want := lint.Run([]*lint.History{h}, nil, unmasked)
		got := lint.Run([]*lint.History{h}, nil, masked)
		findings += len(got)
		if !reflect.DeepEqual(messages(got), messages(want)) {
			t.Errorf("%s: with masks\n%q\nwithout\n%q", name, messages(got), messages(want))
		}
	}
	for _, c := range loadCases(t) {
		compare(c.rule+"/"+c.name, c.history())
	}
	for dir, migrations := range fixtures(t) {
		compare(dir, &lint.History{New: migrations})
		compare(dir+" behind its base", &lint.History{Base: migrations[:len(migrations)-1], New: migrations[len(migrations)-1:]})
	}
	if findings < 2000 {
		t.Errorf("%d findings are compared; there should be more", findings)
	}
}

// messages are findings without what differs from run to run: their statements.
func messages(findings []lint.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.Rule+": "+f.Message+" at "+f.Path)
	}
	return lines
}

// fixtures returns the files of SQL in testdata by their directories.
func fixtures(t *testing.T) map[string][]*lint.Migration {
	t.Helper()
	found := map[string][]*lint.Migration{}
	err := filepath.WalkDir("../../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".sql") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		found[dir] = append(found[dir], migration(filepath.Base(path), string(text)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 10 {
		t.Fatalf("only %d directories have SQL", len(found))
	}
	return found
}
