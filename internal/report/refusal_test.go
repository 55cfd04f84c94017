package report_test

import (
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

func TestRefusal(t *testing.T) {
	refused := func(offset int) *report.Trial {
		return &report.Trial{Statements: []report.Statement{
			{Path: "a.sql", SQL: "SELECT 1", Effect: &lint.Effect{}},
			{Path: "a.sql", Start: 9},
			{Path: "a.sql", Start: 10, Effect: &lint.Effect{Err: &lint.SQLError{SQLState: "42703", Offset: offset}}},
			{Path: "a.sql", Start: 20, Effect: &lint.Effect{Err: &lint.SQLError{SQLState: "25P02", Offset: lint.NoPos}}},
		}}
	}
	failed := []report.Migration{{Path: "a.sql", Applied: report.Applied}, {Path: "b.sql", Applied: report.Failed}}
	for name, c := range map[string]struct {
		report report.Report
		want   report.Refusal
	}{
		"position":     {report.Report{Trial: refused(18)}, report.Refusal{Path: "a.sql", Line: 3, SQLState: "42703"}},
		"no position":  {report.Report{Trial: refused(lint.NoPos)}, report.Refusal{Path: "a.sql", Line: 2, SQLState: "42703"}},
		"no statement": {report.Report{Trial: &report.Trial{}, Migrations: failed}, report.Refusal{Path: "b.sql"}},
	} {
		c.report.Sources = map[string]string{"a.sql": "SELECT 1;\nSELECT\n  x;\nSELECT 2;"}
		if got := c.report.Refusal(); got == nil || *got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
	for name, r := range map[string]report.Report{"no trial": {Migrations: failed}, "no refusal": {Trial: &report.Trial{}}} {
		if got := r.Refusal(); got != nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}
