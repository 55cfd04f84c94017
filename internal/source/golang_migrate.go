package source

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// GolangMigrate sends each file as one message, in no transaction of its own,
// and keeps nothing but the version that a database is at.
const GolangMigrate = "golang-migrate"

// https://github.com/golang-migrate/migrate/blob/master/source/parse.go
var golangMigrateDown = lazyregexp.New(`^0*([0-9]+)_.*\.down\.sql$`)

var golangMigrateName = lazyregexp.New(`^([0-9]+)_(.*)\.(down|up)\.(.*)$`)

func golangMigrate() tool {
	v := versions{
		tool: GolangMigrate, order: byNumber, late: lateSkipped,
		onLate: "golang-migrate runs only what is newer than the version a database is at; give it a newer version",
		onTwin: "golang-migrate refuses the whole folder; take the next free version",
		unique: true,
	}
	l := layout{
		list: listGolangMigrate, name: golangMigrateStep, order: byNumber, tx: lint.TxNone,
		downs: downsByNumber(golangMigrateDown),
		stray: "is not named VERSION_NAME.up.sql, so golang-migrate never runs it; rename it, or move it out of the folder",
	}
	return tool{
		name: GolangMigrate, key: "golang-migrate",
		detect: func(d *directory) (Found, bool) {
			found, ok := d.claim(GolangMigrate, d.mostUpsNamed(`^\d+_.*\.up\.sql$`))
			if !ok {
				return found, false
			}
			if why := d.isRefuted(); why != "" && found.Skip == "" {
				return d.asPlain(found, why), true
			}
			if !d.namesGolangMigrate() {
				found.Assumed = assumption(GolangMigrate, "golang-migrate", "the names of its files")
			}
			return found, true
		},
		load:   l.load,
		onEdit: "golang-migrate remembers versions and not what was in them, so databases that have run it stay at the old text",
		review: v.review,
		table:  golangMigrateTable, tableIn: golangMigrateTableIn,
		places: func(d *directory) []string {
			return settingPlace("-path", d.commandsSay(golangMigratePath, nil))
		},
		runner: func(r *review) Runner { return versionCursor(v, r.to.historyTable(golangMigrateTable)).ready(r) },
		undo: &undoing{forget: func(table quote.SQL, _, previous *step) quote.SQL {
			if previous == nil {
				return "TRUNCATE " + table
			}
			return setVersion(table, previous)
		}},
		withoutDown: "golang-migrate down forgets that it has run and changes nothing",
	}
}

// listGolangMigrate takes the names that golang-migrate takes, whatever they end in,
// and what else looks like SQL.
func listGolangMigrate(d *directory) []string {
	return slices.DeleteFunc(slices.Clone(d.ours()), func(file string) bool {
		return !golangMigrateName.MatchString(file) && !strings.HasSuffix(strings.ToLower(file), ".sql")
	})
}

func golangMigrateStep(file string) (step, bool) {
	m := golangMigrateName.FindStringSubmatch(file)
	if m == nil || m[3] == "down" {
		return step{}, false
	}
	s := step{name: strings.TrimSuffix(file, ".up."+m[4]), key: withoutLeadingZeros(m[1])}
	if language := languageOf(file); language != "" {
		s.writtenIn(language) // golang-migrate itself would send it as SQL; what runs the others does not
	}
	return s, true
}

// withoutLeadingZeros writes a number without leading zeros.
func withoutLeadingZeros(number string) string {
	if n := strings.TrimLeft(number, "0"); n != "" {
		return n
	}
	return "0"
}

const golangMigrateTable = `"public"."schema_migrations"`

// golangMigrateParameter names the table in the URL of the database.
var golangMigrateParameter = lazyregexp.New(`x-migrations-table=([^&\s"']+)`)

var golangMigratePath = lazyregexp.New(`\bmigrate\b[^\n]*\s-path[ =]"?([^\s"']+)`)

// golangMigrateTableIn looks for the URL where commands are kept.
func golangMigrateTableIn(d *directory) (schema, table string) {
	return "", d.commandsSay(golangMigrateParameter, d.concerns(golangMigratePath))
}

// versionCursor is the one row that golang-migrate keeps.
func versionCursor(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: table,
		setup:   `CREATE TABLE IF NOT EXISTS ` + table + ` (version bigint not null primary key, dirty boolean not null)`,
		applied: `SELECT version::text FROM ` + table,
		needs:   true,
		record:  func(s *step) quote.SQL { return setVersion(table, s) },
	}
}

// setVersion makes the version of a step that row.
func setVersion(table quote.SQL, s *step) quote.SQL {
	return `TRUNCATE ` + table + `; INSERT INTO ` + table + ` (version, dirty) VALUES (` + quote.Decimal(s.key) + `, false)`
}
