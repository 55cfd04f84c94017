package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Supabase sends the statements of a file as one pipeline, which is one
// transaction. What refuses transactions passes as the first of them.
const Supabase = "Supabase"

// https://github.com/supabase/cli/blob/develop/pkg/migration/list.go
var supabaseName = lazyregexp.New(`^([0-9]+)_(.*)\.sql$`)

func supabase() tool {
	v := versions{
		tool: Supabase, order: strings.Compare, late: lateRefused,
		onLate: "supabase db push then runs nothing unless it is given --include-all; give it a newer version",
		onTwin: "the version is the key of the history table, so the second one is skipped where the first has run, and fails where both are new; take the next free version",
	}
	l := layout{
		name: supabaseStep, order: strings.Compare, tx: lint.TxFile, up: supabasePipeline,
		stray: "is not named VERSION_NAME.sql, so supabase db push never runs it; rename it, or move it out of the folder",
	}
	return tool{
		name: Supabase, key: "supabase", takesAll: true,
		detect: func(d *directory) (Found, bool) {
			return d.claim(Supabase, d.isSupabase() && len(d.sql()) > 0)
		},
		load:     l.load,
		onEdit:   "supabase db push remembers versions and does not compare the statements it keeps, so databases that have run it stay at the old text",
		onLoss:   "supabase db push then runs nothing (“Remote migration versions not found in local migrations directory”)",
		review:   v.review,
		runner:   func(r *review) Runner { return supabaseLedger(v).ready(r) },
		outlasts: func(setting string) bool { return !isResetByAll(setting) },
	}
}

// isResetByAll tells whether RESET ALL, with which the CLI begins each file, takes back
// what a setting was given.
// https://www.postgresql.org/docs/current/sql-set-role.html
func isResetByAll(setting string) bool {
	return setting != "all" && setting != "role" && setting != "session_authorization"
}

func supabaseStep(file string) (step, bool) {
	m := supabaseName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".sql"), key: m[1]}, true
}

func supabasePipeline(_ *Folder, s *step) {
	s.sendStatements()
	first := s.chunks[0]
	if outsideTransactions(s.text[first.Start:first.End]) {
		s.tx = lint.TxAfterFirst
	}
}

// outsideWords are how statements begin that may refuse to run in a
// transaction.
var outsideWords = lazyregexp.New(`(?i)\b(CONCURRENTLY|VACUUM|DATABASE|TABLESPACE|SUBSCRIPTION|SYSTEM|DISCARD|REINDEX)\b`)

// outside matches statements that do. https://www.postgresql.org/docs/current/sql-begin.html
// names none; each says so on its own page.
var outside = lazyregexp.New(`(?is)^(` +

	`(CREATE|DROP)\s+(DATABASE|TABLESPACE|SUBSCRIPTION)\b|ALTER\s+SYSTEM\b|` +
	`CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\b|DROP\s+INDEX\s+CONCURRENTLY\b|` +
	`REINDEX\s+(\([^)]*\)\s*)?((SCHEMA|DATABASE|SYSTEM)\b|(INDEX|TABLE)\s+CONCURRENTLY\b)|` +
	`VACUUM\b|DISCARD\s+ALL\b|ALTER\s+TABLE\s.*\bDETACH\s+PARTITION\s.*\bCONCURRENTLY\b)`)

// outsideTransactions tells whether text begins with a statement that refuses
// to run in a transaction.
func outsideTransactions(text string) bool {
	if !outsideWords.MatchString(text) {
		return false
	}
	statements, _ := lint.Parse(text)
	return len(statements) > 0 && outside.MatchString(statements[0].SQL)
}

func supabaseLedger(v versions) ledger {
	const table = `"supabase_migrations"."schema_migrations"`
	return ledger{
		versions: v, table: table, needs: true,
		setup: `CREATE SCHEMA IF NOT EXISTS supabase_migrations;
CREATE TABLE IF NOT EXISTS supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY);
ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS statements text[];
ALTER TABLE supabase_migrations.schema_migrations ADD COLUMN IF NOT EXISTS name text`,
		applied: `SELECT version FROM ` + table + ` ORDER BY version`,
		// The CLI begins each file with RESET ALL.
		record: func(s *step) quote.SQL {
			sent := make([]string, len(s.chunks))
			for i, c := range s.chunks {
				sent[i] = strings.TrimSuffix(strings.TrimSpace(s.text[c.Start:c.End]), ";")
			}
			_, name, _ := strings.Cut(s.name, "_")
			return `INSERT INTO ` + table + ` (version, name, statements) VALUES (` +
				quote.Text(s.key) + `, ` + quote.Text(name) + `, ARRAY[` + quote.List(sent, quote.Text) + `]::text[]); RESET ALL`
		},
	}
}

func (d *directory) isSupabase() bool {
	return d.dir == "supabase/migrations" || strings.HasSuffix(d.dir, "/supabase/migrations")
}
