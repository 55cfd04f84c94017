package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// dropFindings lints one migration under review, the last statement of which
// had the effect, and returns what the drop rules say.
func dropFindings(sql string, effect *lint.Effect, mentions func(string) []string) []lint.Finding {
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

func TestDropMentions(t *testing.T) {
	asked := map[string]bool{}
	mentions := func(word string) []string {
		asked[word] = true
		return map[string][]string{
			"invoices": {"a.ts", "b.ts", "c.ts", "d.ts", "e.ts"},
			"due_on":   {"a.ts"},
		}[word]
	}
	tests := []struct{ sql, want string }{
		{"DROP TABLE invoices", "dropping table invoices loses all its rows; a.ts, b.ts, c.ts and 2 more files mention invoices; rename it first, and drop it when nothing has missed it"},
		{"ALTER TABLE t DROP COLUMN due_on", "dropping column t.due_on loses its data; a.ts mentions due_on; first deploy code that does not name it"},
		{"ALTER TABLE t DROP COLUMN paid_by", "dropping column t.paid_by loses its data; first deploy code that does not name it"},
		{"ALTER TABLE t DROP COLUMN title", "dropping column t.title loses its data; first deploy code that does not name it"},
		{"ALTER TABLE t DROP COLUMN due", "dropping column t.due loses its data; first deploy code that does not name it"},
	}
	for _, test := range tests {
		got := dropFindings(test.sql, nil, mentions)
		if len(got) != 1 || got[0].Message != test.want {
			t.Errorf("%s: got %v\nwant %s", test.sql, got, test.want)
		}
	}
	for _, common := range []string{"title", "due"} {
		if asked[common] {
			t.Errorf("asked who mentions %q, which says nothing", common)
		}
	}
	if !asked["paid_by"] {
		t.Error("did not ask who mentions paid_by")
	}
}

// The files of the base branch and what the review leaves in them.
func TestDropMentionsByVersion(t *testing.T) {
	many := []string{".github/ci.yml", ".gitignore"}
	for i := range 31 {
		many = append(many, fmt.Sprintf("src/f%02d.ts", i))
	}
	base := map[string][]string{
		"due_on":   {".env", "README.md", "api.ts", "model.ts", "schema.ts"},
		"settings": many,
		"teams":    {"src/f30.ts", "src/f31.ts"},
		"paid_at":  many,
		"unknown":  {"a.ts"},
		"secret_2": {"README.md", "docs/a.ts", "frontend/messages/pt-BR.json", "i18n/de.yml"},
		"paid_by":  {"a.json", "messages/ca.json", "z.ts"},
	}
	tests := []struct {
		sql  string
		gone []string
		want string
	}{
		{"ALTER TABLE t DROP COLUMN due_on", []string{"schema.ts"}, "; api.ts, model.ts and README.md still mention due_on, and on the base branch schema.ts does"},
		{"ALTER TABLE t DROP COLUMN due_on", []string{"README.md", "model.ts", "schema.ts"}, "; api.ts still mentions due_on, and on the base branch model.ts, schema.ts and README.md do"},
		{"ALTER TABLE t DROP COLUMN due_on", base["due_on"], "; on the base branch api.ts, model.ts, schema.ts and 1 more file mention due_on"},
		{"ALTER TABLE t DROP COLUMN settings", nil, ""},
		{"ALTER TABLE teams DROP COLUMN settings", nil, "; src/f30.ts mentions settings"},
		{"ALTER TABLE teams DROP COLUMN paid_at", nil, "; src/f30.ts, src/f00.ts, src/f01.ts and 28 more files mention paid_at"},
		{"ALTER TABLE teams DROP COLUMN unknown", nil, "; a.ts mentions unknown"},
		{"ALTER TABLE t DROP COLUMN secret_2", nil, ""},
		{"ALTER TABLE t DROP COLUMN paid_by", nil, "; z.ts, a.json and messages/ca.json mention paid_by"},
	}
	for _, test := range tests {
		o := lint.Options{Rules: rules.All(), Panicked: panicAgain}
		o.Mentions = func(word string) []string { return base[word] }
		o.StillMentions = func(file, word string) (bool, bool) { return !slices.Contains(test.gone, file), word != "unknown" }
		found := lint.Run([]*lint.History{{New: []*lint.Migration{migration("1.sql", test.sql)}}}, nil, o)
		got := slices.DeleteFunc(found, func(f lint.Finding) bool { return f.Rule != "column-dropped" })
		if len(got) != 1 {
			t.Fatalf("%s: %v", test.sql, got)
		}
		if _, said, _ := strings.Cut(got[0].Message, "loses its data"); said != test.want+"; first deploy code that does not name it" {
			t.Errorf("%s, gone from %q: got %q\nwant %q", test.sql, test.gone, said, test.want)
		}
	}
}
