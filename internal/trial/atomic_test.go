package trial

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint/rules"
)

func TestNotAtomic(t *testing.T) {
	const made, fails = "CREATE TABLE half (id int PRIMARY KEY);", "SELECT * FROM nowhere;"
	drizzle := func(sql ...string) map[string]string {
		files := map[string]string{"drizzle/0000_a.sql": "CREATE TABLE a (id int);"}
		entries := `{"idx": 0, "when": 1000, "tag": "0000_a"}`
		for i, text := range sql {
			tag := []string{"0001_b", "0002_c"}[i]
			files["drizzle/"+tag+".sql"] = text
			entries += `, {"idx": ` + tag[3:4] + `, "when": ` + tag[3:4] + `500, "tag": "` + tag + `"}`
		}
		files["drizzle/meta/_journal.json"] = `{"dialect": "postgresql", "entries": [` + entries + `]}`
		return files
	}
	const breakpoint = "--> statement-breakpoint\n"
	tests := []struct {
		name, dir, first string
		files            map[string]string
		want             string // "" for nothing
	}{
		{"one transaction", "drizzle", "0000", drizzle(made + breakpoint + fails), ""},
		{"the file before is lost too", "drizzle", "0000", drizzle(made, fails), ""},
		{"COMMIT", "drizzle", "0000", drizzle(made + breakpoint + "COMMIT;" + breakpoint + fails), "1 object of what 0001_b did before stays (table half), and Drizzle does not note it"},
		{"COMMIT in the file before", "drizzle", "0000", drizzle("COMMIT;"+breakpoint+made, fails), ""},
		{"no transaction", "migrations", "1", map[string]string{
			"migrations/1_a.up.sql": "CREATE TABLE a (id int);", "migrations/1_a.down.sql": "DROP TABLE a;",
			"migrations/2_b.up.sql": "CREATE INDEX CONCURRENTLY a_id ON a (id);", "migrations/2_b.down.sql": "",
			"migrations/3_c.up.sql": "COMMIT; " + made + " COMMIT; " + fails, "migrations/3_c.down.sql": "",
		}, "1 object of what 3_c did before stays (table half)"},
	}
	server := postgrestest.Start(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			tree := fstest.MapFS{}
			for name, text := range test.files {
				tree[name] = &fstest.MapFile{Data: []byte(text)}
			}
			found, err := source.At(tree, test.dir, "")
			if err != nil {
				t.Fatal(err)
			}
			head, err := source.Load(tree, found)
			if err != nil {
				t.Fatal(err)
			}
			base, err := head.Until(test.first)
			if err != nil {
				t.Fatal(err)
			}
			result, err := Run(context.Background(), Options{Server: server, Source: source.Review(base, head, source.ReviewOptions{})})
			if err != nil || result.Applies {
				t.Fatalf("it applies: %+v, %v", result, err)
			}
			var got []string
			for _, f := range result.Findings {
				if f.Rule == rules.NotAtomic.ID {
					got = append(got, f.Message)
				}
			}
			if text := strings.Join(got, "\n"); !strings.Contains(text, test.want) || test.want == "" && text != "" {
				t.Errorf("%s (%s): said %q, want %q", head.Tool, test.name, text, test.want)
			}
		})
	}
}
