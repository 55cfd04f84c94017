package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/lint"
)

// compareFixes makes the repairs that the rule offers; -update writes what
// comes of it into the case's file.
func (c ruleCase) compareFixes(t *testing.T, findings []lint.Finding) {
	t.Helper()
	for _, m := range c.new {
		got := m.Source
		if edits := editsOf(findings, c.rule, m.Path); len(edits) > 0 {
			got, _ = lint.ApplyEdits(m.Source, edits)
		}
		want, wanted := c.fixed[m.Path]
		if !wanted && got == m.Source || got == want {
			continue
		}
		if *update && got != m.Source {
			writeFixed(t, c.rule, m.Path, got)
			continue
		}
		t.Errorf("%s: a section fixed-… should say that its repairs make of it (go test -run TestRules -update writes it)\n%s", m.Path, got)
	}
}

func editsOf(findings []lint.Finding, rule, path string) []lint.Edit {
	var edits []lint.Edit
	for _, f := range findings {
		if f.Rule == rule && f.Path == path {
			edits = append(edits, f.Edits...)
		}
	}
	return edits
}

func writeFixed(t *testing.T, rule, path, text string) {
	t.Helper()
	file := filepath.Join("../../testdata/rules", rule+".txtar")
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(path, "migrations/")
	var files []txtar.File
	for _, f := range a.Files {
		if f.Name == "fixed-"+name {
			continue
		}
		files = append(files, f)
		if f.Name == name {
			files = append(files, txtar.File{Name: "fixed-" + name, Data: []byte(text)})
		}
	}
	a.Files = files
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}
