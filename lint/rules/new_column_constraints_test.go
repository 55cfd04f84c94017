package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestConstraintOnNewColumnIsAWarning is about what txtar cases do not say: how severe a finding is.
func TestConstraintOnNewColumnIsAWarning(t *testing.T) {
	const base = "CREATE TABLE t (id int PRIMARY KEY, n int);"
	rewrites := map[string]bool{ // the finding about the rewrite tells of the constraint, under one lock
		"ALTER TABLE t ADD COLUMN c float DEFAULT random() CHECK (c < 1);":              true,
		"ALTER TABLE t ADD COLUMN c serial; ALTER TABLE t ADD CONSTRAINT k UNIQUE (c);": true,
	}
	for sql, want := range map[string]lint.Severity{
		"ALTER TABLE t ADD COLUMN c text CHECK (length(c) < 9);":                             lint.Warning,
		"ALTER TABLE t ADD COLUMN c text DEFAULT 'a' UNIQUE;":                                lint.Warning,
		"ALTER TABLE t ADD COLUMN c text; ALTER TABLE t ADD CONSTRAINT k UNIQUE (c);":        lint.Warning,
		"ALTER TABLE t ADD COLUMN c int, ADD CONSTRAINT k CHECK (c > 0);":                    lint.Warning,
		"ALTER TABLE t ADD COLUMN c int; ALTER TABLE t ADD CONSTRAINT k CHECK (c > n);":      lint.Error,
		"ALTER TABLE t ADD COLUMN c int; ALTER TABLE t ADD CONSTRAINT k UNIQUE (n, c);":      lint.Error,
		"ALTER TABLE t ADD COLUMN c float DEFAULT random() CHECK (c < 1);":                   lint.Error,
		"ALTER TABLE t ADD COLUMN c serial; ALTER TABLE t ADD CONSTRAINT k UNIQUE (c);":      lint.Error,
		"ALTER TABLE t ADD CONSTRAINT k UNIQUE (n);":                                         lint.Error,
		"ALTER TABLE t ADD COLUMN c int; COMMIT; ALTER TABLE t ADD CONSTRAINT k UNIQUE (c);": lint.Error,
	} {
		h := &lint.History{Base: []*lint.Migration{{Path: "1.sql", Source: base}}, New: []*lint.Migration{{Path: "2.sql", Source: sql, Tx: lint.TxFile}}}
		found := lint.Run([]*lint.History{h}, nil, lint.Options{Rules: rules.All(), Panicked: panicAgain})
		found = slices.DeleteFunc(found, func(f lint.Finding) bool { return f.Rule != "constraint-scans" && f.Rule != "default-volatile" })
		rule := "constraint-scans"
		if rewrites[sql] {
			rule = "default-volatile"
		}
		if len(found) != 1 || found[0].Severity != want || found[0].Rule != rule || !strings.Contains(found[0].Message, "constraint") && rewrites[sql] {
			t.Errorf("%s: %v, want one finding of severity %v", sql, found, want)
		}
	}
}
