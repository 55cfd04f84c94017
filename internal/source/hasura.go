package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Hasura sends each up.sql as one message in a transaction; so does Nhost.
const Hasura = "Hasura"

// https://github.com/hasura/graphql-engine/blob/master/cli/migrate/source/parse.go
var (
	hasuraName      = lazyregexp.New(`^([0-9]+)_(.*)[./]up\.(sql|yaml)$`)
	hasuraFolder    = lazyregexp.New(`^\d{13}_`)
	hasuraConfig    = lazyregexp.New(`(?m)^(endpoint|metadata_directory|actions):`)
	hasuraDirectory = lazyregexp.New(`(?m)^migrations_directory:[ \t]*(\S+)`)
	hasuraNoTx      = lazyregexp.New(`^[ \t]*-- hasura:no-transaction[ \t]*\r?(\n|$)`)
)

func hasura() tool {
	v := versions{
		tool: Hasura, order: byNumber,
		onLate: "give it a newer version",
		onTwin: "Hasura refuses the whole folder; take the next free version",
		unique: true,
	}
	l := layout{
		list: listHasura, name: hasuraStep, order: byNumber, tx: lint.TxFile, up: hasuraTransaction,
		downs: hasuraDowns, prepare: hasuraTransaction,
	}
	return tool{
		name: Hasura, key: "hasura", nested: true,
		detect: detectHasura,
		load:   func(d *directory, found Found) (*Folder, error) { return l.load(d, found) },
		leaves: leavesAllBut(Hasura, "the up.sql of directories"),
		onEdit: "Hasura remembers versions and not what was in them, so databases that have run it stay at the old text",
		review: v.review,
		places: func(d *directory) []string {
			return settingPlace("migrations_directory", d.aboveFinds(hasuraDirectory, "config.yaml"))
		},
		runner: func(r *review) Runner { return hasuraLedger(v).ready(r) },
		undo: &undoing{forget: func(_ quote.SQL, s, _ *step) quote.SQL {
			return "DELETE FROM " + hasuraTable + " WHERE version = " + quote.Decimal(s.key)
		}},
		withoutDown: "Hasura has no way back from it",
	}
}

// hasuraDowns finds the down.sql beside a step's up.sql.
func hasuraDowns(d *directory) findDown {
	return func(s *step) string {
		file := strings.TrimSuffix(strings.TrimPrefix(s.path, d.dir+"/"), "up.sql") + "down.sql"
		if !d.has(file) {
			return ""
		}
		return file
	}
}

// detectHasura takes folders with names of 13 digits (milliseconds) and up.sql,
// or the files of configurations before version 2.
func detectHasura(d *directory) (Found, bool) {
	folders := slices.DeleteFunc(slices.Concat(d.with("up.sql"), d.with("up.yaml")), func(dir string) bool { return !hasuraFolder.MatchString(dir) })
	if len(folders) == 0 && (!d.mostNamed(`^\d{13}_.*\.(up|down)\.sql$`) || !d.aboveMatches(hasuraConfig, "config.yaml")) {
		return Found{}, false
	}
	dialect, evidence := d.hasuraDialect(folders)
	return Found{Dir: d.dir, Tool: Hasura, Dialect: postgresql}.inDialect(d, dialect, evidence), true
}

// hasuraDialect guesses from the SQL in the folders.
func (d *directory) hasuraDialect(folders []string) (dialect, evidence string) {
	var files []string
	for _, dir := range folders {
		files = append(files, path.Join(dir, "up.sql"))
	}
	if dialect, evidence = d.otherDialect(files); dialect == "" {
		return postgresql, ""
	}
	return dialect, evidence
}

func listHasura(d *directory) []string {
	var files []string
	for _, dir := range d.dirs {
		for _, name := range []string{"up.sql", "up.yaml"} {
			if file := path.Join(dir, name); d.has(file) {
				files = append(files, file)
			}
		}
	}
	return append(files, d.files...)
}

func hasuraStep(file string) (step, bool) {
	m := hasuraName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	s := step{name: m[1] + "_" + m[2], key: withoutLeadingZeros(m[1])}
	if m[3] == "yaml" {
		s.writtenIn("YAML (what Hasura's metadata API is told)")
	}
	return s, true
}

func hasuraTransaction(_ *Folder, s *step) {
	if hasuraNoTx.MatchString(s.raw) {
		s.tx = lint.TxNone
	}
}

const hasuraTable = `"hdb_catalog"."schema_migrations"`

func hasuraLedger(v versions) ledger {
	return ledger{
		versions: v, table: hasuraTable,
		setup: `CREATE SCHEMA IF NOT EXISTS hdb_catalog;
CREATE TABLE IF NOT EXISTS ` + hasuraTable + ` (version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL)`,
		applied: `SELECT version::text FROM ` + hasuraTable + ` ORDER BY version`,
		record: func(s *step) quote.SQL {
			return `INSERT INTO ` + hasuraTable + ` (version, dirty) VALUES (` + quote.Decimal(s.key) + `, false)`
		},
	}
}
