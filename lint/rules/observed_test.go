package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestObservedWins checks that what a server showed overrules the text.
func TestObservedWins(t *testing.T) {
	table := func(columns ...lint.Column) *lint.Schema {
		return &lint.Schema{SearchPath: []string{"public"}, Tables: []*lint.Table{{Schema: "public", Name: "tasks", Rows: 12, Columns: columns}}}
	}
	checked := table(lint.Column{Name: "state", Type: "text", Base: "text"})
	checked.Tables[0].Constraints = []lint.Constraint{{
		Name: "tasks_state", Kind: lint.Check, Columns: []string{"state"}, Valid: true,
		Definition: "CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))",
	}}
	empty := table()
	empty.Tables[0].Rows = 0
	const (
		purge    = "DO $$ BEGIN IF now() > '2100-01-01' THEN DELETE FROM tasks; END IF; END $$"
		notNull  = "ALTER TABLE tasks ADD COLUMN owner text NOT NULL"
		setNull  = "ALTER TABLE tasks ALTER COLUMN state SET NOT NULL"
		ownToken = "ALTER TABLE tasks ADD COLUMN token text DEFAULT own_token()"
		frozen   = "ALTER TABLE tasks ADD COLUMN at timestamptz DEFAULT 'now'"
		draft    = "ALTER TABLE tasks ALTER COLUMN state SET DEFAULT 'draft'"
	)
	tests := []struct {
		name, rule, sql string
		effect          lint.Effect
		want            string // "" for no finding
	}{
		{"passed on rows", "not-null-fails", notNull, lint.Effect{Before: table()}, ""},
		{"refused", "not-null-fails", notNull, lint.Effect{Before: table(), Err: &lint.SQLError{SQLState: "23502", Message: "contains null values"}}, `measured on PostgreSQL 16.14: contains null values \(23502\)`},
		{"column is there", "not-null-fails", "ALTER TABLE tasks ADD COLUMN IF NOT EXISTS state text NOT NULL", lint.Effect{Before: checked, Err: &lint.SQLError{SQLState: "57014"}}, ""},
		{"no lock on a table without rows", "code-not-run", purge, lint.Effect{Before: empty}, "DELETE of all rows of tasks did not run"},
		{"a lock on a table without rows", "code-not-run", purge, lint.Effect{Before: empty, Locks: []lint.Lock{{Object: "public.tasks", Mode: lint.RowExclusive}}}, ""},
		{"not observed", "code-not-run", purge, lint.Effect{Before: empty, Incomplete: "objects"}, ""},
		{"no scan", "not-null-scans", setNull, lint.Effect{Before: checked}, ""},
		{"scan", "not-null-scans", setNull, lint.Effect{Before: checked, Scanned: []string{"public.tasks"}}, "public.tasks read in full"},
		{"already NOT NULL", "not-null-scans", setNull, lint.Effect{Before: table(lint.Column{Name: "state", NotNull: true}), Scanned: []string{"public.tasks"}}, ""},
		{"no rewrite", "default-volatile", ownToken, lint.Effect{Before: table()}, ""},
		{"rewrite", "default-volatile", ownToken, lint.Effect{Before: table(), Rewritten: []string{"public.tasks"}}, "declared otherwise, rewrites tasks .*public.tasks rewritten"},
		{"not observed", "default-volatile", ownToken, lint.Effect{Before: table(), Incomplete: "locks"}, "may rewrite"},
		{"frozen", "default-frozen", frozen, lint.Effect{Before: table(), After: table(lint.Column{Name: "at", Type: "timestamp with time zone", Base: "timestamp with time zone", Default: "'2026-01-02 00:00:00+00'::timestamp with time zone"})}, "the stored default is '2026-01-02"},
		{"not frozen", "default-frozen", frozen, lint.Effect{Before: table(), After: table(lint.Column{Name: "at", Type: "timestamp with time zone", Base: "timestamp with time zone", Default: "('now'::text)::timestamp with time zone"})}, ""},
		{"check in the catalog", "default-invalid", draft, lint.Effect{Before: checked, After: checked}, "default 'draft' of tasks.state breaks a CHECK of tasks; PostgreSQL accepts it"},
		{"label in the catalog", "default-invalid", "ALTER TABLE tasks ALTER COLUMN mood SET DEFAULT 'OK'", lint.Effect{
			Before: table(lint.Column{Name: "mood", Type: "app.mood", Base: "app.mood", Labels: []string{"ok", "bad"}}), Err: &lint.SQLError{SQLState: "22P02"},
		}, `is not a label of app.mood; did you mean "ok"`},
		{"type in the catalog", "default-too-long", "ALTER TABLE tasks ALTER COLUMN kind SET DEFAULT 'unknown'", lint.Effect{Before: table(lint.Column{Name: "kind", Type: "character varying(3)", Base: "character varying(3)"})}, "has 7 characters, which do not fit varchar"},
		{"domain in the catalog", "default-timezone", "ALTER TABLE tasks ALTER COLUMN at SET DEFAULT now()", lint.Effect{Before: table(lint.Column{Name: "at", Type: "moment", Base: "timestamp without time zone", Domain: true})}, "tasks.at has no time zone"},
	}
	for _, test := range tests {
		t.Run(test.rule+"/"+test.name, func(t *testing.T) {
			test.effect.Postgres = "16.14"
			m := migration("1.sql", test.sql)
			seen := lint.NewObserved()
			seen.Effects[m.Statements()[0]] = &test.effect
			var texts []string
			for _, f := range lint.Run([]*lint.History{{New: []*lint.Migration{m}}}, nil, lint.Options{Rules: rules.All(), Observed: seen, Panicked: panicAgain}) {
				if f.Rule == test.rule {
					texts = append(texts, f.Message+" ["+f.Evidence+"]")
				}
			}
			switch {
			case test.want == "" && len(texts) > 0:
				t.Errorf("unwanted: %s", texts)
			case test.want != "" && (len(texts) != 1 || !regexp.MustCompile(test.want).MatchString(texts[0])):
				t.Errorf("got %q, want one like %q", texts, test.want)
			}
		})
	}
}

// TestBehindWhatIsParsed checks that the end of a file that is too long to be
// parsed to it hides nothing that the trial saw.
func TestBehindWhatIsParsed(t *testing.T) {
	const base = "CREATE TABLE orders (id int PRIMARY KEY);\n"
	padding := "-- " + strings.Repeat("x", 10<<20) + "\n"
	for name, purge := range map[string]string{
		"bad":  "DO $$ BEGIN\n  DELETE FROM orders; -- measured \"all rows of orders\"\nEND $$;\n",
		"good": "DELETE FROM orders WHERE id > 0;\n",
	} {
		t.Run(name, func(t *testing.T) {
			cases, err := parseCases("delete-without-where", &txtar.Archive{Files: []txtar.File{
				{Name: "base.sql", Data: []byte(base)}, {Name: name + ".sql", Data: []byte(padding + purge)},
			}})
			if err != nil {
				t.Fatal(err)
			}
			cases[0].try(t, postgrestest.Start(t), trial.OnlyEffects)
		})
	}
}
