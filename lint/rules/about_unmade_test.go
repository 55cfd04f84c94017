package rules_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestDropBeforeMade: files that can run twice drop, IF it EXISTS, what they make.
func TestDropBeforeMade(t *testing.T) {
	const text = "DROP TABLE IF EXISTS queue;\nCREATE TABLE queue (id int);\nDROP FUNCTION IF EXISTS next_number() CASCADE;\nCREATE FUNCTION next_number() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"
	const table, function = "table queue, which no migration before this one makes, loses all its rows if it is there; the one that is made again below is empty; change the table with ALTER TABLE",
		"CASCADE also drops triggers, defaults, policies, generated columns, indexes and views that use function next_number, if that is there; leave CASCADE out"
	tests := []struct {
		name, base, opaque string
		want               []string
	}{
		{name: "nothing before", want: []string{"notice " + table, "notice " + function}},
		{name: "whole", base: "CREATE TABLE lamps (id int); ALTER TABLE lamps ADD COLUMN n int;"},
		{name: "begins late", base: "CREATE TABLE lamps (id int); ALTER TABLE queue_of_others ADD COLUMN queue int;", want: []string{"notice " + table, "notice " + function}},
		{name: "code among them", base: "CREATE TABLE lamps (id int);", opaque: "it is written in Go", want: []string{"notice " + table, "notice " + function}},
		{name: "in a block", base: "CREATE TABLE lamps (id int); DO $$ BEGIN EXECUTE 'CREATE TABLE Queue (id int)'; END $$;", want: []string{
			"error dropping table queue loses all its rows; the one that is made again below is empty; change the table with ALTER TABLE"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			h := &lint.History{New: []*lint.Migration{{Path: "2.sql", Name: "2", Source: text}}}
			if test.base != "" {
				h.Base = append(h.Base, &lint.Migration{Path: "1.sql", Name: "1", Source: test.base})
			}
			if test.opaque != "" {
				h.Base = append(h.Base, &lint.Migration{Path: "1.go", Name: "1.go", Opaque: test.opaque, Chunks: []lint.Span{}})
			}
			var got []string
			for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: rules.All()}) {
				if f.Rule == "table-dropped" || f.Rule == "drop-cascades" {
					got = append(got, f.Severity.String()+" "+f.Message)
				}
			}
			if len(got) != len(test.want) {
				t.Fatalf("got %q, want %q", got, test.want)
			}
			for i := range got {
				if got[i] != test.want[i] {
					t.Errorf("got %q, want %q", got[i], test.want[i])
				}
			}
		})
	}
}
