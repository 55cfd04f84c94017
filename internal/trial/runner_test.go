package trial

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint/rules"
)

// Plain SQL keeps no history table, so that nobody can say what a second run would do.
func TestGuardWithoutAHistoryTable(t *testing.T) {
	tree := fstest.MapFS{"db/1_a.sql": {Data: []byte("CREATE TABLE a (id int);")}, "db/2_b.sql": {Data: []byte("CREATE TABLE b (id int);")}}
	head, err := source.Load(tree, source.Found{Dir: "db", Tool: source.Plain})
	if err != nil {
		t.Fatal(err)
	}
	base, err := head.Until("1_a")
	if err != nil {
		t.Fatal(err)
	}
	for _, waits := range []bool{true, false} {
		result, err := Run(t.Context(), Options{
			Server: postgrestest.Start(t), Source: source.Review(base, head, source.ReviewOptions{}), Guard: &Guard{Lock: 728492, Waits: waits, Timeout: time.Minute},
		})
		if err != nil || !result.Applies || len(result.Findings) > 0 {
			t.Errorf("found %+v, %v", result, err)
		}
	}
}

func TestGuard(t *testing.T) {
	tests := []struct {
		name, sql string
		guard     Guard
		want      string
	}{
		{"the second goes on", "CREATE TABLE b (id int);", Guard{Lock: 728492, Timeout: time.Minute}, ""},
		{"the second waits", "CREATE TABLE b (id int);", Guard{Lock: 728492, Waits: true, Timeout: time.Minute}, ""},
		{"its own lock", "SELECT pg_advisory_lock(728492);", Guard{Lock: 728492, Timeout: 2 * time.Second}, "0001_b does not come to an end within 2s"},
		{"its own lock, the second waits", "SELECT pg_advisory_lock(728492);", Guard{Lock: 728492, Waits: true, Timeout: 2 * time.Second}, "0001_b does not come to an end within 2s"},
		{"a lock is left", "SELECT pg_advisory_lock(99, 7);", Guard{Lock: 728492, Timeout: time.Minute}, "leave the advisory lock 425201762311 held"},
		{"a lock of the transaction", "SELECT pg_advisory_xact_lock(7);", Guard{Lock: 728492, Waits: true, Timeout: time.Minute}, ""},
		{"pending again", "DELETE FROM drizzle.__drizzle_migrations; SELECT 1; CREATE RULE nothing AS ON INSERT TO drizzle.__drizzle_migrations DO INSTEAD NOTHING;",
			Guard{Lock: 728492, Waits: true, Timeout: time.Minute}, "both run 0001_b"},
	}
	server := postgrestest.Start(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := fstest.MapFS{
				"drizzle/0000_a.sql": {Data: []byte("CREATE TABLE a (id int);")}, "drizzle/0001_b.sql": {Data: []byte(test.sql)},
				"drizzle/meta/_journal.json": {Data: []byte(`{"dialect": "postgresql", "entries": [{"idx": 0, "when": 1, "tag": "0000_a"}, {"idx": 1, "when": 2, "tag": "0001_b"}]}`)},
			}
			found, err := source.At(tree, "drizzle", "")
			if err != nil {
				t.Fatal(err)
			}
			head, err := source.Load(tree, found)
			if err != nil {
				t.Fatal(err)
			}
			base, err := head.Until("0000_a")
			if err != nil {
				t.Fatal(err)
			}
			result, err := Run(context.Background(), Options{Server: server, Source: source.Review(base, head, source.ReviewOptions{}), Guard: &test.guard})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range result.Findings {
				if f.Rule == rules.RunnerBlocked.ID {
					got = append(got, f.Message)
				}
			}
			if text := strings.Join(got, "\n"); !strings.Contains(text, test.want) || test.want == "" && text != "" {
				t.Errorf("said %q, want %q", text, test.want)
			}
		})
	}
}
