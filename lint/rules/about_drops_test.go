package rules_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// dropFindings lints one migration under review, the last statement of which
// had the effect, and returns what the drop rules say.
func dropFindings(sql string, effect *lint.Effect, mentions func(...string) []string) []lint.Finding {
	m := migration("1.sql", sql)
	o := lint.Options{Rules: rules.All(), Mentions: mentions, Panicked: panicAgain}
	if statements := m.Statements(); effect != nil {
		o.Observed = lint.NewObserved()
		o.Observed.Effects[statements[len(statements)-1]] = effect
	}
	findings := lint.Run([]*lint.History{{New: []*lint.Migration{m}}}, nil, o)
	groups := map[string]lint.Group{}
	for _, r := range rules.All() {
		groups[r.ID] = r.Group
	}
	return slices.DeleteFunc(findings, func(f lint.Finding) bool { return groups[f.Rule] != lint.GroupDrop })
}

func TestDropsFromEffect(t *testing.T) {
	tests := []struct {
		name    string
		sql     string
		dropped []lint.CatalogObject
		want    []string // rule, severity: message
	}{
		{
			"IF EXISTS that met nothing", "DROP TABLE IF EXISTS orders", nil, nil,
		}, {
			"unknown syntax", "DROP WHATEVER orders",
			[]lint.CatalogObject{{Kind: "table", Name: "shop.orders", Values: 1}},
			[]string{"table-dropped error: dropping table shop.orders loses all its rows (1 row in the trial); rename it first, and drop it when nothing has missed it"},
		}, {
			"an extension's own script", "ALTER EXTENSION postgis UPDATE",
			[]lint.CatalogObject{{Kind: "function", Name: "public.st_old(integer)"}}, nil,
		}, {
			"a column through CASCADE is an error", "DROP TYPE mood CASCADE",
			[]lint.CatalogObject{{Kind: "type", Name: "public.mood"}, {Kind: "table column", Name: "public.people.feeling", Cascade: true}},
			[]string{
				"drop-cascades error: CASCADE also drops column people.feeling; drop what is meant by name, without CASCADE",
				"type-dropped warning: dropping type mood breaks code that casts to it; first deploy code that does not",
			},
		}, {
			"a view through CASCADE that is new", "CREATE VIEW v AS SELECT 1; DROP FUNCTION f(int) CASCADE",
			[]lint.CatalogObject{{Kind: "function", Name: "public.f(integer)"}, {Kind: "view", Name: "public.v", Cascade: true}},
			[]string{"function-dropped warning: dropping function f breaks code and function bodies that call it; first deploy code that does not"},
		}, {
			"the insides of what CASCADE took", "DROP EXTENSION postgis CASCADE",
			[]lint.CatalogObject{
				{Kind: "extension", Name: "postgis"},
				{Kind: "materialized view", Name: "public.near", Cascade: true},
				{Kind: "index", Name: "public.near_idx", Auto: true},
				{Kind: "rule", Name: "public.near._RETURN", Cascade: true},
				{Kind: "table constraint", Name: "public.near.c", Cascade: true},
			},
			[]string{
				"drop-cascades error: CASCADE also drops materialized view near; drop what is meant by name, without CASCADE",
				"extension-dropped warning: dropping extension postgis breaks code and function bodies that call its functions; first deploy code that does not",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range dropFindings(test.sql, &lint.Effect{Postgres: "16.14", Dropped: test.dropped}, nil) {
				got = append(got, f.Rule+" "+f.Severity.String()+": "+f.Message)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestDropsOfRefusedStatements(t *testing.T) {
	refused := func(state string) []lint.Finding {
		return dropFindings("DROP TABLE orders", &lint.Effect{Postgres: "16.14", Err: &lint.SQLError{SQLState: state, Message: "no"}}, nil)
	}
	if got := refused("2BP01"); len(got) != 0 {
		t.Errorf("a DROP that can never work drops nothing; got %v", got)
	}
	if got := refused("42501"); len(got) != 1 || got[0].Rule != "table-dropped" {
		t.Errorf("a DROP that only the trial may not do is judged by its text; got %v", got)
	}
}

// Where nobody has the text of files, only names that nothing else has are told.
func TestDropMentionsWithoutTexts(t *testing.T) {
	mentions := func(words ...string) []string {
		return map[string][]string{
			"old_invoices": {"a.ts", "b.ts", "c.ts", "d.ts", "e.ts"},
			"due_on":       {"a.ts"},
			"title":        {"a.ts"},
		}[words[0]]
	}
	for _, test := range []struct{ sql, want string }{
		{"DROP TABLE old_invoices", "dropping table old_invoices loses all its rows; a.ts, b.ts, c.ts and 2 more files mention old_invoices; rename it first, and drop it when nothing has missed it"},
		{"ALTER TABLE t DROP COLUMN due_on", "dropping column t.due_on loses its data; a.ts mentions due_on; first deploy code that does not name it"},
		{"ALTER TABLE t DROP COLUMN paid_by", "dropping column t.paid_by loses its data; first deploy code that does not name it"},
		{"ALTER TABLE t DROP COLUMN title", "dropping column t.title loses its data; first deploy code that does not name it"},
	} {
		got := dropFindings(test.sql, nil, mentions)
		if len(got) != 1 || got[0].Message != test.want {
			t.Errorf("%s: got %v\nwant %s", test.sql, got, test.want)
		}
	}
}

// The files of the base branch and what the review leaves in them.
func TestDropMentionsByVersion(t *testing.T) {
	base := map[string]string{
		".env": "due_on", "README.md": "# Due\ndue_on is the day", "api.ts": "\n  x.due_on", "model.ts": "due_on: Date", "schema.ts": "due_on: date()",
		"docs/a.ts": "secret_2", "i18n/de.yml": "secret_2", "fixture.json": `{"prepaid_card": 1}`, "z.ts": "prepaid_card()", "unknown.ts": "far_off",
		"src/tasks.ts": "db.select().from(tasks).where(eq(tasks.title, title))", "src/db.ts": "await prisma.syncJob.count()", "src/jobs.ts": "// sync_jobs is old",
		"old.css": ".prepaid_card {}", "src/types.ts": "export type Json =\n sync_jobs: {",
	}
	tests := []struct {
		sql  string
		gone []string
		want string
	}{
		{"ALTER TABLE qq DROP COLUMN due_on", []string{"schema.ts"}, "; api.ts:2, model.ts:1 and README.md:2 still mention due_on, and on the base branch schema.ts:1 does"},
		{"ALTER TABLE qq DROP COLUMN due_on", []string{"README.md", "model.ts", "schema.ts"}, "; api.ts:2 still mentions due_on, and on the base branch model.ts:1, schema.ts:1 and README.md:2 do"},
		{"ALTER TABLE qq DROP COLUMN due_on", []string{"README.md", "api.ts", "model.ts", "schema.ts"}, "; on the base branch api.ts:2, model.ts:1, schema.ts:1 and 1 more file mention due_on"},
		{"ALTER TABLE t DROP COLUMN secret_2", nil, ""},
		{"ALTER TABLE t DROP COLUMN prepaid_card", nil, "; z.ts:1 and fixture.json:1 mention prepaid_card"},
		{"ALTER TABLE t DROP COLUMN far_off", nil, "; unknown.ts mentions far_off"},
		{"ALTER TABLE tasks DROP COLUMN title", nil, "; src/tasks.ts:1 mentions title"},
		{"ALTER TABLE notes DROP COLUMN title", nil, ""},
		{"DROP TABLE sync_jobs", nil, "; src/db.ts:1 mentions sync_jobs"},
	}
	for _, test := range tests {
		o := lint.Options{Rules: rules.All(), Panicked: panicAgain}
		o.Mentions = func(words ...string) (found []string) {
			for _, file := range slices.Sorted(maps.Keys(base)) {
				if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(base[file], w) }) {
					found = append(found, file)
				}
			}
			return found
		}
		o.MentionTexts = func(file string) (before, after string, known bool) {
			if !slices.Contains(test.gone, file) {
				after = base[file]
			}
			return base[file], after, file != "unknown.ts"
		}
		found := lint.Run([]*lint.History{{New: []*lint.Migration{migration("1.sql", test.sql)}}}, nil, o)
		got := slices.DeleteFunc(found, func(f lint.Finding) bool { return f.Rule != "column-dropped" && f.Rule != "table-dropped" })
		if len(got) != 1 {
			t.Fatalf("%s: %v", test.sql, got)
		}
		_, said, _ := strings.Cut(got[0].Message, "loses ")
		said = strings.TrimPrefix(strings.TrimPrefix(said, "its data"), "all its rows")
		said, _, _ = strings.Cut(said, "; first deploy")
		said, _, _ = strings.Cut(said, "; rename it")
		if said != test.want {
			t.Errorf("%s, gone from %q: got %q\nwant %q", test.sql, test.gone, said, test.want)
		}
	}
}
