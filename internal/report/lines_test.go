package report_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// What several errors say stands in one line, without signs for line ends.
func TestReasonsAreOneLine(t *testing.T) {
	for reason, want := range map[string]string{
		"npm is not in PATH\ninstall PostgreSQL 16 instead":                       "npm is not in PATH; install PostgreSQL 16 instead",
		"exit status 125\ndocker: cannot connect:\n  no socket\n\n\nRun --help\n": "exit status 125; docker: cannot connect: no socket; Run --help",
		"one;\r\ntwo": "one; two",
		"alone":       "alone",
	} {
		r := &report.Report{Result: report.NotChecked, Unchecked: []report.Unchecked{{Path: "a.sql", Start: lint.NoPos, Reason: reason}}}
		for _, format := range []string{"text", "json", "junit", "sarif"} {
			if text := written(t, format, r); !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", format, want, text)
			}
		}
	}
}
