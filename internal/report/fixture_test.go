package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/report"
	catalog "github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
)

const (
	hulk      = "drizzle/0010_cuddly_hulk.sql"
	onslaught = "drizzle/0007_wise_onslaught.sql"
	loner     = "drizzle/0011_loner.sql"
)

const hulkSQL = "\ufeff-- après la démo\r\n" +
	"ALTER TABLE \"messages\" ADD COLUMN \"received_at\" timestamptz DEFAULT 'now()' NOT NULL;--> statement-breakpoint\r\n" +
	"ALTER TABLE \"tasks\"\r\n\tADD COLUMN \"owner_id\" uuid NOT NULL;--> statement-breakpoint\r\n" +
	"/* é */ ALTER TABLE \"conversations\" DROP COLUMN \"title\";\r\n"

var rules = map[string]*lint.Rule{
	"not-null-fails":            {ID: "not-null-fails", Title: "A NOT NULL column without a default fails on rows"},
	"default-quoted-expression": {ID: "default-quoted-expression", Title: "A default is a quoted expression"},
	"column-dropped":            {ID: "column-dropped", Title: "A column is dropped"},
	"migration-edited":          {ID: "migration-edited", Title: "A migration of the base branch was changed"},
}

// span returns the place of text in the sample.
func span(t testing.TB, source, text string) (start, end int) {
	t.Helper()
	start = strings.Index(source, text)
	if start < 0 {
		t.Fatalf("the sample has no %q", text)
	}
	return start, start + len(text)
}

// statements are the places of the three statements of the sample.
func statements(t testing.TB) (spans []lint.Span) {
	for _, text := range []string{
		"ALTER TABLE \"messages\" ADD COLUMN \"received_at\" timestamptz DEFAULT 'now()' NOT NULL",
		"ALTER TABLE \"tasks\"\r\n\tADD COLUMN \"owner_id\" uuid NOT NULL",
		"ALTER TABLE \"conversations\" DROP COLUMN \"title\"",
	} {
		start, end := span(t, hulkSQL, text)
		spans = append(spans, lint.Span{Start: start, End: end})
	}
	return spans
}

func finding(t testing.TB, rule string, s lint.Severity, text, message, evidence string) lint.Finding {
	start, end := span(t, hulkSQL, text)
	return lint.Finding{Rule: rule, Severity: s, Path: hulk, Start: start, End: end, Message: message, Evidence: evidence}
}

// relay is the outcome for a pull request like testdata/drizzle's.
func relay(t testing.TB) *report.Report {
	ignored := finding(t, "default-timezone", lint.Notice, "timestamptz", "the default depends on the session's time zone", "")
	ignored.Accepted = "all our servers run in UTC"
	repairable := finding(t, "default-quoted-expression", lint.Warning, "'now()'", "the default of messages.received_at is the time of the migration; write now()", "")
	repairable.Edits = []lint.Edit{{Span: lint.Span{Start: repairable.Start, End: repairable.End}, Text: "now()"}}
	also := finding(t, "default-quoted-expression", lint.Warning, "owner_id", "the default of tasks.owner_id is quoted, too", "")
	also.Edits = []lint.Edit{{Span: lint.Span{Start: also.Start, End: also.End}, Text: "owner"}}
	repairable.Others = []lint.Finding{also}
	return &report.Report{
		Version: "0.1.0", Base: "origin/main (1f2e3d4)", Result: report.NotApplied, ExitCode: 4, FailOn: lint.Error,
		Notes:      []string{"the label migrations:allow tabel-dropped names no rule; did you mean \"table-dropped\"?"},
		Statements: map[string][]lint.Span{hulk: statements(t)},
		Rules:      rules,
		Sources:    map[string]string{hulk: hulkSQL, onslaught: "SELECT 1;\n"},
		Findings: []lint.Finding{
			{Rule: "migration-edited", Severity: lint.Error, Path: onslaught, Start: lint.NoPos, End: lint.NoPos,
				Message: "0007_wise_onslaught is on main and was changed here; write a new migration instead (statement 2 of 4 differs)"},
			repairable,
			finding(t, "not-null-fails", lint.Error, "ADD COLUMN \"owner_id\" uuid NOT NULL",
				"adding NOT NULL to tasks.owner_id fails on existing rows; add it nullable, backfill, then SET NOT NULL",
				"measured on PostgreSQL 16.14: 23502, tried on 2 rows"),
			finding(t, "column-dropped", lint.Notice, "ALTER TABLE \"conversations\" DROP COLUMN \"title\"",
				"dropping column conversations.title loses its data", "measured on PostgreSQL 16.14: 2 rows had a value, and index conversations_title_idx goes with it"),
		},
		Accepted: []lint.Finding{ignored},
		Migrations: []report.Migration{
			{Path: hulk, Name: "0010_cuddly_hulk", Tool: "Drizzle", Status: report.New, Applied: report.Failed, Duration: 12345 * time.Microsecond},
			{Path: loner, Name: "0011_loner", Tool: "Drizzle", Status: report.New, Applied: report.NotRun},
			{Path: onslaught, Name: "0007_wise_onslaught", Tool: "Drizzle", Status: report.Edited, Applied: report.Applied, Duration: 2600 * time.Microsecond,
				Undo: &report.Undo{Outcome: report.UndoWorks, Loses: []string{"drops table audit"}}},
		},
		Trial:     relayTrial(t),
		Schema:    []report.SchemaChange{relaySchema()},
		Unchecked: []report.Unchecked{{Path: loner, Start: lint.NoPos, Reason: "0010_cuddly_hulk failed before it"}},
	}
}

// relaySchema is what another folder made of its schema: one change of each
// sort.
func relaySchema() report.SchemaChange {
	object := func(kind catalog.Kind, relation, name string, properties ...catalog.Property) catalog.Object {
		return catalog.Object{Kind: kind, Schema: "public", Relation: relation, Name: name, Properties: properties}
	}
	before := &catalog.Schema{Objects: []catalog.Object{
		object(catalog.Table, "", "conversations"),
		object(catalog.Column, "conversations", "id", catalog.Property{Name: "type", Value: "integer"}, catalog.Property{Name: "not null", Value: "yes"}),
		object(catalog.Column, "conversations", "title", catalog.Property{Name: "type", Value: "text"}, catalog.Property{Name: "default", Value: "''::text"}),
		object(catalog.Table, "", "drafts"),
		object(catalog.Column, "drafts", "body", catalog.Property{Name: "type", Value: "text"}),
	}}
	after := &catalog.Schema{Objects: []catalog.Object{
		object(catalog.Table, "", "conversations"),
		object(catalog.Column, "conversations", "id", catalog.Property{Name: "type", Value: "bigint"}, catalog.Property{Name: "not null", Value: "yes"}),
		object(catalog.Table, "", "tags <b>|`x`"),
		object(catalog.Column, "tags <b>|`x`", "name", catalog.Property{Name: "type", Value: "character varying(20)"}),
	}}
	return report.SchemaChange{Dir: "drizzle", Tool: "Drizzle", Before: before, After: after, Changes: catalog.Diff(before, after, catalog.Options{}), ByHand: true}
}

func relayTrial(t testing.TB) *report.Trial {
	first := `ALTER TABLE "messages" ADD COLUMN "received_at" timestamptz DEFAULT 'now()' NOT NULL`
	second := "ALTER TABLE \"tasks\"\r\n\tADD COLUMN \"owner_id\" uuid NOT NULL"
	third := `ALTER TABLE "conversations" DROP COLUMN "title"`
	statement := func(sql string, e *lint.Effect) report.Statement {
		start, end := span(t, hulkSQL, sql)
		return report.Statement{Path: hulk, Start: start, End: end, SQL: sql, Effect: e}
	}
	return &report.Trial{
		Postgres: "16.14", Sandbox: "no network, no files", Duration: time.Second,
		Statements: []report.Statement{
			statement(first, &lint.Effect{
				Postgres: "16.14", Duration: 1500 * time.Microsecond,
				Locks:      []lint.Lock{{Object: "public.messages", Mode: lint.AccessExclusive}, {Object: "public.messages_pkey", Mode: lint.AccessExclusive, Index: true}},
				Rewritten:  []string{"public.messages"},
				Scanned:    []string{"public.messages"},
				Held:       []lint.Lock{{Object: "public.messages", Mode: lint.ShareRowExclusive}},
				Lost:       []lint.RowLoss{{Table: "public.drafts", Rows: 12}},
				Changed:    []lint.ColumnChange{{Table: "public.messages", Column: "size", Rows: 7}},
				Altered:    []lint.CatalogObject{{Kind: "table", Name: "public.messages"}},
				Notices:    []string{"something to know"},
				Incomplete: "what the trigger does to other sessions",
			}),
			statement(second, &lint.Effect{
				Postgres: "16.14", Duration: 400 * time.Microsecond,
				Locks: []lint.Lock{{Object: "public.tasks", Mode: lint.AccessExclusive}},
				Err:   &lint.SQLError{SQLState: "23502", Message: `column "owner_id" of relation "tasks" contains null values`, Offset: lint.NoPos},
			}),
			statement(third, &lint.Effect{
				Postgres: "16.14", Duration: 800 * time.Microsecond,
				Locks:   []lint.Lock{{Object: "public.conversations", Mode: lint.AccessExclusive}, {Object: "public.users", Mode: lint.AccessShare}},
				Created: []lint.CatalogObject{{Kind: "schema", Name: "audit"}},
				Dropped: []lint.CatalogObject{
					{Kind: "table column", Name: "public.conversations.title", Values: 2},
					{Kind: "index", Name: "public.conversations_title_idx", Auto: true},
					{Kind: "view", Name: "public.titles", Cascade: true},
				},
			}),
		},
	}
}
