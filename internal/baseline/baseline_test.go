package baseline

import (
	"bytes"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// reported is a report about one file, with a finding for each statement that
// drops a column.
func reported(source string) *report.Report {
	r := &report.Report{Sources: map[string]string{"a.sql": source}, Statements: map[string][]lint.Span{}}
	at := 0
	for _, statement := range strings.SplitAfter(source, ";") {
		start := at + len(statement) - len(strings.TrimLeft(statement, " \n"))
		at += len(statement)
		if strings.TrimSpace(statement) == "" {
			continue
		}
		r.Statements["a.sql"] = append(r.Statements["a.sql"], lint.Span{Start: start, End: at - 1})
		if i := strings.Index(statement, "DROP"); i >= 0 {
			place := at - len(statement) + i
			r.Findings = append(r.Findings, lint.Finding{Rule: "column-dropped", Path: "a.sql", Start: place, End: place + 4, Message: "m", Severity: lint.Error})
		}
	}
	return r
}

const two = "ALTER TABLE t DROP COLUMN a;\nSELECT 1;\nALTER TABLE t DROP COLUMN b;\n"

func TestMovedStatementsStayAccepted(t *testing.T) {
	r := reported(two)
	r.Findings = append(r.Findings, lint.Finding{Rule: "migration-edited", Path: "a.sql", Start: lint.NoPos, Message: "edited"})
	var file bytes.Buffer
	if written, leftOut := New(r); leftOut != 0 || written.Write(&file) != nil {
		t.Fatalf("%d left out of %v", leftOut, written)
	}
	b, err := Read("old.json", file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	moved := reported("SELECT 0;\n\nALTER TABLE t\n   DROP COLUMN b;ALTER TABLE t DROP COLUMN c;")
	unused := b.Apply(moved, "before migvet")
	if len(moved.Accepted) != 1 || moved.Accepted[0].Accepted != "before migvet" || len(moved.Findings) != 1 {
		t.Errorf("accepted %v, kept %v", moved.Accepted, moved.Findings)
	}
	if len(unused) != 2 || unused[0].Rule != "column-dropped" || unused[1].Rule != "migration-edited" {
		t.Errorf("unused: %v", unused)
	}
}

func TestWritingKeepsWhatWasNotLookedAt(t *testing.T) {
	old := &Baseline{Version: 1, Findings: []Entry{{Rule: "r", Path: "z.sql", Statement: "1"}, {Rule: "gone", Path: "a.sql"}}}
	b, _ := New(reported(two))
	b.Keep(old, func(path string) bool { return path != "a.sql" })
	if len(b.Findings) != 3 || b.Findings[2].Path != "z.sql" || b.Added(old) != 2 {
		t.Errorf("%v, %d added", b.Findings, b.Added(old))
	}
}

// A baseline neither holds nor accepts that a migration does not apply.
func TestRefusalsAreNoOldFindings(t *testing.T) {
	whole, _ := New(reported(two))
	r := reported(two)
	r.Findings[1].Stops = true
	b, leftOut := New(r)
	if leftOut != 1 || len(b.Findings) != 1 {
		t.Errorf("%d left out of %v", leftOut, b.Findings)
	}
	unused := whole.Apply(r, "before migvet")
	if len(r.Accepted) != 1 || len(r.Findings) != 1 || !r.Findings[0].Stops || len(unused) != 0 {
		t.Errorf("accepted %v, kept %v, unused %v", r.Accepted, r.Findings, unused)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "baseline b.json: EOF; write it again with --write-baseline",
		`{"version": 2, "findings": []}`: "version 2 is not known, only 1",
		`{"version": 1, "findngs": []}`:  `unknown field "findngs"`,
		`{"version": 1, "findings": {}}`: "findings is not a list",
		`{"version": 1, "findings": [{"rule": "a", "line": 1}]}`:                 `unknown field "line"`,
		`{"version": 1, "findings": [` + strings.Repeat("{},", 100_000) + "{}]}": "it has more than 100000 findings",
		`{"version": 1, "findings": [` + strings.Repeat("{},", 5<<20) + "{}]}":   "it has more than 100000 findings",
	} {
		if _, err := Read("b.json", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// A file that could not be read again is not written.
func TestTooManyFindingsAreNotWritten(t *testing.T) {
	many := &Baseline{Version: version, Findings: make(entries, maxEntries+1)}
	long := &Baseline{Version: version, Findings: entries{{Message: strings.Repeat("m", MaxSize)}}}
	for name, b := range map[string]*Baseline{"too many": many, "too long": long} {
		var file bytes.Buffer
		if err := b.Write(&file); err == nil || !strings.Contains(err.Error(), "more than a baseline may have") || file.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, file.Len())
		}
	}
}
