package source

import (
	"crypto/sha1"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// PostgresMigrations numbers files from 1 without gaps, and keeps a checksum of
// name and text.
const PostgresMigrations = "postgres-migrations"

// https://github.com/ThomWright/postgres-migrations/blob/master/src/file-name-parser.ts
var (
	postgresMigrationsFile = lazyregexp.New(`(?i)\.(sql|js)$`)
	postgresMigrationsName = lazyregexp.New(`(?i)^(-?\d+)[-_]?(.*).(sql|js)$`)
)

const postgresMigrationsNoTx = "-- postgres-migrations disable-transaction"

func postgresMigrations() tool {
	const onEdit = "postgres-migrations compares checksums and refuses to run anything where it has run (“Hashes don't match for migrations”)"
	v := versions{
		tool: PostgresMigrations, order: byNumber, late: lateRefused,
		onLate: "postgres-migrations wants every number once, from 1 without gaps; take the next free one",
		onTwin: "postgres-migrations refuses the whole folder (“Found a non-consecutive migration ID”); take the next free number",
		unique: true, onRename: onEdit,
	}
	l := layout{list: listPostgresMigrations, name: postgresMigrationsStep, order: byNumber, tx: lint.TxFile, up: postgresMigrationsTx, check: checkPostgresMigrations}
	return tool{
		name: PostgresMigrations, key: "postgres-migrations",
		detect: detectPostgresMigrations,
		load:   l.load,
		onEdit: onEdit,
		strict: true, lineEnds: true,
		review: v.review,
		runner: func(r *review) Runner { return postgresMigrationsLedger(v).ready(r) },
	}
}

// detectPostgresMigrations goes by the package that a manifest names, since the
// files carry no mark but the opt-out.
func detectPostgresMigrations(d *directory) (Found, bool) {
	numbered := d.mostNamed(`^\d+[-_].*\.sql$`)
	marked := numbered && d.mostContain(regexp.QuoteMeta(postgresMigrationsNoTx))
	named := numbered && d.aboveContain(`"postgres-migrations"`, "package.json")
	found, ok := d.claim(PostgresMigrations, marked || named && d.isGapless())
	if ok && !marked && !slices.Contains(migrationFolders, lowerBase(d.dir)) {
		found.Assumed = assumption(PostgresMigrations, "postgres-migrations", "package.json, which names that package")
	}
	return found, ok
}

// isGapless tells whether the files are numbered as this tool wants them.
func (d *directory) isGapless() bool {
	return slices.ContainsFunc(d.sql(), func(f string) bool { return withoutLeadingZeros(numberOf(f)) == "1" })
}

func listPostgresMigrations(d *directory) []string {
	var files []string
	for _, f := range d.files {
		if postgresMigrationsFile.MatchString(f) {
			files = append(files, f)
		}
	}
	return files
}

func postgresMigrationsStep(file string) (step, bool) {
	m := postgresMigrationsName.FindStringSubmatch(file)
	if m == nil || m[1][0] == '-' {
		return step{}, false
	}
	s := step{name: strings.TrimSuffix(file, path.Ext(file)), key: withoutLeadingZeros(m[1])}
	if strings.EqualFold(m[3], "js") {
		s.writtenIn("JavaScript")
	}
	return s, true
}

func postgresMigrationsTx(_ *Folder, s *step) {
	if strings.Contains(s.text, postgresMigrationsNoTx) {
		s.tx = lint.TxNone
	}
}

// findGap reports the first number that is missing. Two of one number are told
// as such.
func (f *Folder) findGap(tool string) {
	for i, s := range f.steps {
		want := fmt.Sprint(i + 1)
		if s.key == want {
			continue
		}
		if i == 0 || s.key != f.steps[i-1].key {
			sentence := fmt.Sprintf("has number %s where %s wants %s, so it refuses the whole folder; numbers go from 1 without gaps", s.key, tool, want)
			f.refuseAll(&f.steps[i], wholeFile, sentence)
		}
		return
	}
}

func checkPostgresMigrations(f *Folder, d *directory) {
	f.findGap("postgres-migrations")
	f.findNameless(d)
}

// findNameless reports files without a number, which are refused too.
func (f *Folder) findNameless(d *directory) {
	for _, name := range listPostgresMigrations(d) {
		if _, ok := postgresMigrationsStep(name); ok {
			continue
		}
		file := path.Join(f.Dir, name)
		const sentence = " does not begin with a number, so postgres-migrations refuses the whole folder"
		f.broken = file + sentence
		f.problems = append(f.problems, problem{rules.FileUnreadable.AtFile(file, name+sentence+"; rename it, or move it out of the folder"), "unnumbered " + file})
	}
}

func postgresMigrationsLedger(v versions) ledger {
	const table = `migrations`
	sum := func(s *step) string { return fmt.Sprintf("%x", sha1.Sum([]byte(s.file()+s.raw))) }
	return ledger{
		versions: v, table: `"public"."migrations"`, sums: true, sum: sum,
		// The first row is the tool's own migration, which makes the table.
		setup: `CREATE TABLE IF NOT EXISTS ` + table + ` (
	id integer PRIMARY KEY,
	name varchar(100) UNIQUE NOT NULL,
	hash varchar(40) NOT NULL,
	executed_at timestamp DEFAULT current_timestamp
);
INSERT INTO ` + table + ` ("id", "name", "hash") VALUES (0, 'create-migrations-table', 'e18db593bcde2aca2a408c4d1100f6abba2195df')`,
		applied: `SELECT hash || ' ' || id FROM ` + table + ` WHERE id > 0 ORDER BY id`,
		record: func(s *step) quote.SQL {
			name := postgresMigrationsName.FindStringSubmatch(s.file())[2]
			if name == "" {
				name = s.file()
			}
			return `INSERT INTO ` + table + ` ("id", "name", "hash") VALUES (` + quote.Decimal(s.key) + `, ` + quote.Text(name) + `, ` + quote.Text(sum(s)) + `)`
		},
	}
}
