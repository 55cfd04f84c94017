package report

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// MaxDocument is the size in bytes of the largest JSON report that is read.
const MaxDocument = 64 << 20

// Read reads a JSON report. It may come from the workflow of a stranger, so
// nothing in it is taken for more than text.
func Read(data []byte) (*Document, error) {
	var d Document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("not a report of migvet: %w", err)
	}
	return &d, d.check()
}

var (
	fingerprintForm = lazyregexp.New(`^[0-9a-f]{32}$`)
	ruleForm        = lazyregexp.New(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// check refuses what would not be text where it is written to: fingerprints
// become markers, rules become links.
func (d *Document) check() error {
	if d.Version != jsonVersion {
		return fmt.Errorf("version %d of the report is not known, only %d", d.Version, jsonVersion)
	}
	if _, ok := resultSigns[d.Result]; !ok {
		return fmt.Errorf("the report has the unknown result %q", d.Result)
	}
	for _, f := range d.Findings {
		if !fingerprintForm.MatchString(f.Fingerprint) || !ruleForm.MatchString(f.Rule) || f.Severity == lint.Off {
			return errors.New("the report has a finding without a proper fingerprint, rule and severity")
		}
	}
	return nil
}

// report is the document as far as verdicts need it.
func (d *Document) report() *Report {
	r := &Report{Result: d.Result, Base: d.Base}
	for _, f := range d.Findings {
		r.Findings = append(r.Findings, lint.Finding{Severity: f.Severity, Path: f.Path})
	}
	for _, u := range d.NotChecked {
		r.Unchecked = append(r.Unchecked, Unchecked{Path: u.Path, Start: lint.NoPos, Reason: u.Reason})
	}
	for _, m := range d.Migrations {
		r.Migrations = append(r.Migrations, Migration{Path: m.Path, Name: m.Name, Tool: m.Tool, Status: m.Status, Applied: m.Applied})
	}
	return r
}

// Clean reports whether there is nothing that somebody has to do.
func (d *Document) Clean() bool { return d.Result == Passed && len(d.Findings) == 0 }

// Digest is the same for documents that tell reviewers the same: times and what
// was measured may differ.
func (d *Document) Digest() string {
	told := Document{Result: d.Result, NotChecked: d.NotChecked, Notes: d.Notes}
	for _, f := range append(append([]jsonFinding{}, d.Findings...), d.Accepted...) {
		f.Evidence = ""
		told.Findings = append(told.Findings, f)
	}
	for _, m := range d.Migrations {
		m.DurationMS = 0
		told.Migrations = append(told.Migrations, m)
	}
	text, err := json.Marshal(told)
	if err != nil {
		return "" // texts and numbers can always be written
	}
	return shortHash(string(text))
}
