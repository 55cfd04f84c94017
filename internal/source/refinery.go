package source

import (
	"path"
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Refinery goes by versions and keeps a checksum of version, name and text.
const Refinery = "refinery"

// https://github.com/rust-db/refinery/blob/main/refinery_core/src/util.rs
var (
	refineryName = lazyregexp.New(`^([UV])(\d+(?:\.\d+)?)__(\w+)\.(sql|rs)$`)
	refineryNoTx = lazyregexp.New(`(?m)^-{2,}\s?refinery:noTransaction\r?$`)
)

func refinery() tool {
	const onEdit = "refinery compares checksums and refuses to run anything where it has run (“applied migration … is different than filesystem one”)"
	v := versions{
		tool: Refinery, order: byNumber, late: lateRefused,
		onLate: "refinery then runs nothing (“migration … is missing”); give it a newer version, or the letter U in place of V",
		onTwin: "refinery refuses the whole folder (“repeated migration version”); take the next free version",
		unique: true, onRename: onEdit,
	}
	l := layout{
		list: func(d *directory) []string { return d.refineryFiles() },
		name: refineryStep, order: byNumber, tx: lint.TxFile, up: refineryTx,
		stray: "is not named V1__name.sql, so refinery never runs it; rename it, or move it out of the folder",
		check: func(f *Folder, _ *directory) { f.findFractions() },
	}
	return tool{
		name: Refinery, key: "refinery", nested: true,
		detect: func(d *directory) (Found, bool) {
			return d.claim(Refinery, d.mostNamed(`^[UV]\d+(\.\d+)?__\w+\.sql$`) && d.aboveContain("refinery", "Cargo.toml"))
		},
		load:   l.load,
		onEdit: onEdit,
		strict: true, lineEnds: true,
		onLoss: "refinery refuses to run anything where it has run (“migration … is missing from the filesystem”)",
		review: v.review,
		table:  refineryTable,
		runner: func(r *review) Runner { return refineryLedger(v, r.to.historyTable(refineryTable)).ready(r) },
	}
}

// refineryFiles returns the files in the directory and below that can be
// migrations.
func (d *directory) refineryFiles() []string {
	var files []string
	for _, sub := range d.withSubdirectories() {
		for _, f := range sub.files {
			if strings.HasSuffix(f, ".sql") || refineryName.MatchString(f) {
				files = append(files, path.Join(sub.path, f))
			}
		}
	}
	return files
}

func refineryStep(file string) (step, bool) {
	m := refineryName.FindStringSubmatch(path.Base(file))
	if m == nil {
		return step{}, false
	}
	s := step{name: strings.TrimSuffix(file, "."+m[4]), key: withoutLeadingZeros(m[2]), unordered: m[1] == "U"}
	if m[4] == "rs" {
		s.writtenIn("Rust")
	}
	return s, true
}

func refineryTx(_ *Folder, s *step) {
	if refineryNoTx.MatchString(s.text) {
		s.tx = lint.TxNone
	}
}

// refinerySum hashes as Rust's Hash does: strings end with 0xff, numbers are
// little-endian.
// https://github.com/rust-db/refinery/blob/main/refinery_core/src/migration.rs
func refinerySum(s *step) string {
	name := refineryName.FindStringSubmatch(s.file())[3]
	version, _ := strconv.ParseInt(s.key, 10, 32) // refused above when it is none
	data := append([]byte(name), 0xff, byte(version), byte(version>>8), byte(version>>16), byte(version>>24))
	return strconv.FormatUint(sipHash13(append(append(data, s.raw...), 0xff)), 10)
}

const refineryTable = `"refinery_schema_history"`

func refineryLedger(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: withPublic(table), sums: true, needs: true, sum: refinerySum,
		setup: `CREATE TABLE IF NOT EXISTS ` + table + `(
	version INT4 PRIMARY KEY,
	name VARCHAR(255),
	applied_on VARCHAR(255),
	checksum VARCHAR(255))`,
		applied: `SELECT checksum || ' ' || version FROM ` + table + ` ORDER BY version`,
		record: func(s *step) quote.SQL {
			name := refineryName.FindStringSubmatch(s.file())[3]
			return `INSERT INTO ` + table + ` (version, name, applied_on, checksum) VALUES (` +
				quote.Decimal(s.key) + `, ` + quote.Text(name) + `, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), ` + quote.Text(refinerySum(s)) + `)`
		},
	}
}

// findFractions refuses versions such as 1.1, which refinery does not read.
func (f *Folder) findFractions() {
	for i := range f.steps {
		if s := &f.steps[i]; strings.Contains(s.key, ".") {
			f.refuseAll(s, wholeFile, "has a version that is no whole number, so refinery refuses the whole folder (“invalid version”)")
		}
	}
}
