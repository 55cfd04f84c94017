package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

func TestSuggestionsAreWholeLines(t *testing.T) {
	const source = "-- ä\r\nALTER TABLE a\r\n  ADD b int;\r\nSELECT 1;"
	edit := func(at string, text string) lint.Edit {
		start, end := bytesOf(t, source, at)
		return lint.Edit{Span: lint.Span{Start: start, End: end}, Text: text}
	}
	for _, c := range []struct {
		name, at string
		edits    []lint.Edit
		want     string
	}{
		{"in the middle", "ALTER TABLE a\r\n  ADD b int", []lint.Edit{edit("b int", "c int")}, "ALTER TABLE a\n  ADD c int;"},
		{"on the last line", "SELECT 1", []lint.Edit{edit("1", "2")}, "SELECT 2;"},
		{"on another line", "SELECT 1", []lint.Edit{edit("1", "2"), edit("b int", "c int")}, ""},
		{"none", "SELECT 1", nil, ""},
	} {
		start, end := bytesOf(t, source, c.at)
		r := &report.Report{Result: report.Findings, Sources: map[string]string{"a.sql": source}, Findings: []lint.Finding{
			{Rule: "r", Severity: lint.Error, Path: "a.sql", Start: start, End: end, Message: "m", Edits: c.edits},
		}}
		var out bytes.Buffer
		if err := report.JSON(&out, r); err != nil {
			t.Fatal(err)
		}
		var got struct{ Findings []struct{ Suggestion string } }
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Findings[0].Suggestion != c.want {
			t.Errorf("%s: %q, want %q", c.name, got.Findings[0].Suggestion, c.want)
		}
	}
}

func bytesOf(t *testing.T, source, text string) (start, end int) {
	t.Helper()
	start = bytes.Index([]byte(source), []byte(text))
	if start < 0 {
		t.Fatalf("no %q", text)
	}
	return start, start + len(text)
}
