package lint_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

func TestSizeText(t *testing.T) {
	for _, test := range []struct {
		size lint.Size
		want string
	}{
		{lint.Size{}, "0 rows, 0 bytes"},
		{lint.Size{Rows: 1, Bytes: 1023}, "1 row, 1023 bytes"},
		{lint.Size{Rows: 999, Bytes: 8192}, "999 rows, 8 kB"},
		{lint.Size{Rows: 1000, Bytes: 1536}, "1 k rows, 1.5 kB"},
		{lint.Size{Rows: 9_949, Bytes: 1023 << 10}, "9.9 k rows, 1023 kB"},
		{lint.Size{Rows: 9_960, Bytes: 1<<20 - 1}, "10 k rows, 1 MB"},
		{lint.Size{Rows: 999_600, Bytes: 64 << 30}, "1 M rows, 64 GB"},
		{lint.Size{Rows: 120_000_000, Bytes: 3 << 40}, "120 M rows, 3 TB"},
		{lint.Size{Rows: 2_400_000_000, Bytes: 1 << 62}, "2.4 bn rows, 4096 PB"},
		{lint.Size{Rows: -1, Bytes: 8192}, "8 kB"},
	} {
		if got := test.size.String(); got != test.want {
			t.Errorf("%+v is %q, want %q", test.size, got, test.want)
		}
	}
}

// TestSizes checks where sizes are told, and what small tables are forgiven.
func TestSizes(t *testing.T) {
	known := map[string]lint.Size{
		"orders": {Rows: 120_000_000, Bytes: 64 << 30}, "tasks": {Rows: 800, Bytes: 96 << 10}, "states": {Rows: 9, Bytes: 16 << 10},
		"unknown": {Rows: -1, Bytes: 1 << 10}, "line_items": {Rows: 5_000_000, Bytes: 1 << 30},
	}
	of := func(schema, name string) (lint.Size, bool) {
		size, ok := known[name]
		return size, ok && (schema == "" || schema == "public")
	}
	limits := func(rows, bytes int64) lint.Size { return lint.Size{Rows: rows, Bytes: bytes} }
	none := limits(-1, -1)
	for _, test := range []struct {
		name, sql string
		effect    *lint.Effect
		small     lint.Size
		rule      string
		message   string // begins so, or holds it behind …
		accepted  string
	}{
		{"named", "CREATE INDEX i ON orders (a)", nil, none, "index-not-concurrent", "building index i on orders (120 M rows, 64 GB) makes writes", ""},
		{"with its schema", "CREATE INDEX i ON public.orders (a)", nil, none, "index-not-concurrent", "building index i on public.orders (120 M rows, 64 GB) makes", ""},
		{"only its column", "ALTER TABLE orders ALTER a TYPE bigint USING f(a)", nil, none, "column-type-rewrites", "…; orders has 120 M rows, 64 GB", ""},
		{"dropped", "DROP TABLE orders", nil, none, "table-dropped", "dropping table orders (120 M rows, 64 GB)", ""},
		{"part of a longer name", "DROP TABLE items", nil, none, "table-dropped", "dropping table items loses", ""},
		{"another schema", "DROP TABLE shop.orders", nil, none, "table-dropped", "dropping table shop.orders loses", ""},
		{"large", "CREATE INDEX i ON orders (a)", nil, limits(10_000, -1), "index-not-concurrent", "building", ""},
		{"small by rows", "CREATE INDEX i ON tasks (a)", nil, limits(800, -1), "index-not-concurrent", "building", "small in production: tasks has 800 rows, 96 kB"},
		{"too many rows", "CREATE INDEX i ON tasks (a)", nil, limits(799, -1), "index-not-concurrent", "building", ""},
		{"small by size", "CREATE INDEX i ON tasks (a)", nil, limits(-1, 96<<10), "index-not-concurrent", "building", "small in production: tasks has 800 rows, 96 kB"},
		{"small by one of two", "CREATE INDEX i ON tasks (a)", nil, limits(800, 1<<10), "index-not-concurrent", "building", ""},
		{"rows never counted", "CREATE INDEX i ON unknown (a)", nil, limits(800, -1), "index-not-concurrent", "building", ""},
		{"not in the file", "CREATE INDEX i ON others (a)", nil, limits(800, -1), "index-not-concurrent", "building index i on others makes", ""},
		{"dropping is no matter of size", "DROP TABLE tasks", nil, limits(800, -1), "table-dropped", "dropping table tasks (800 rows, 96 kB)", ""},
		{"a large one besides", "ALTER TABLE states ADD FOREIGN KEY (a) REFERENCES orders", nil, limits(800, -1), "constraint-scans", "checking the foreign key reads states (9 rows, 16 kB) in full while writes to it and to orders (120 M rows, 64 GB) wait", ""},
		{"both small", "ALTER TABLE states ADD FOREIGN KEY (a) REFERENCES tasks", nil, limits(800, -1), "constraint-scans", "checking", "small in production: states has 9 rows, 16 kB, tasks has 800 rows, 96 kB"},
		{"what a block did", "DO $$ $$", &lint.Effect{Rewritten: []string{"public.orders"}, Locks: []lint.Lock{{Object: "public.orders", Mode: lint.AccessExclusive}}},
			limits(800, -1), "table-rewritten", "orders (120 M rows, 64 GB) is written again", ""},
		{"what a block did to a small one", "DO $$ $$", &lint.Effect{Rewritten: []string{"public.tasks"}, Locks: []lint.Lock{{Object: "public.tasks_pkey", Mode: lint.AccessExclusive, Index: true}}},
			limits(800, -1), "table-rewritten", "tasks (800 rows, 96 kB) is written again", "small in production: tasks has 800 rows, 96 kB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &lint.Migration{Path: "1.sql", Source: test.sql, Chunks: []lint.Span{{Start: 0, End: len(test.sql)}}}
			o := lint.Options{Rules: rules.All(), Observed: saw(m.Statements()[0], test.effect), Sizes: &lint.Sizes{Of: of, Small: test.small}}
			for _, f := range lint.Run([]*lint.History{{New: []*lint.Migration{m}}}, nil, o) {
				if f.Rule != test.rule {
					continue
				}
				end, isEnd := strings.CutPrefix(test.message, "…")
				if isEnd && !strings.HasSuffix(f.Message, end) || !isEnd && !strings.HasPrefix(f.Message, test.message) {
					t.Errorf("message %q", f.Message)
				}
				if f.Accepted != test.accepted {
					t.Errorf("accepted for %q, want %q", f.Accepted, test.accepted)
				}
				return
			}
			t.Errorf("no finding of %s", test.rule)
		})
	}
}
