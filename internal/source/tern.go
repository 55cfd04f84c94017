package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Tern renders each file as a template, numbers files from 1 without gaps, and
// keeps nothing but the version that a database is at.
const Tern = "tern"

// https://github.com/jackc/tern/blob/v2.3.4/migrate/migrate.go
var (
	ternName = lazyregexp.New(`^(\d+)_.+\.sql$`)
	ternNoTx = lazyregexp.New(`(?m)^---- tern: disable-tx ----$`)
)

const ternDown = "---- create above / drop below ----"

func tern() tool {
	v := versions{
		tool: Tern, order: byNumber, late: lateSkipped,
		onLate: "tern runs only what is newer than the version a database is at; take the next free number",
		onTwin: "tern refuses the whole folder (“Duplicate migration”); take the next free number",
		unique: true,
	}
	return tool{
		name: Tern, key: "tern", takesAll: true,
		detect: detectTern,
		load: func(d *directory, found Found) (*Folder, error) {
			t := newTernTemplates(d, found)
			l := layout{
				name: ternStep, order: byNumber, tx: lint.TxFile, up: t.parts,
				stray: "has no number before its first underscore, so tern never runs it; rename it, or move it out of the folder",
				check: func(f *Folder, _ *directory) { f.findGap(Tern) },
			}
			return l.load(d, found)
		},
		onEdit: "tern remembers the version and not what was in the files, so databases that have run it stay at the old text",
		undo: &undoing{forget: func(table quote.SQL, _, previous *step) quote.SQL {
			if previous == nil {
				return ternVersion(table, "0")
			}
			return ternVersion(table, previous.key)
		}},
		withoutDown: "tern refuses to go back (“Irreversible migration”)",
		review:      v.review,
		table:       ternTable, tableIn: ternTableIn,
		runner: func(r *review) Runner { return ternLedger(v, r.to.historyTable(ternTable)).ready(r) },
	}
}

func detectTern(d *directory) (Found, bool) {
	return d.claim(Tern, d.mostContain(`^`+ternDown) || d.mostContain(`^---- tern: disable-tx ----`) ||
		d.mostNamed(ternName.String()) && d.aboveHas("tern.conf"))
}

// ternConf reads the nearest tern.conf, in the folder or above.
func (d *directory) ternConf() ternConf {
	conf, _ := nearestFile(d, parseTernConf, "tern.conf")
	return conf
}

func ternStep(file string) (step, bool) {
	m := ternName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".sql"), key: withoutLeadingZeros(m[1])}, true
}

// data are the values that do not depend on where tern runs.
func (c ternConf) data() map[string]string {
	data := map[string]string{}
	for key, value := range c["data"] {
		if !strings.Contains(value, templateValue) {
			data[key] = value
		}
	}
	return data
}

// ternTableIn reads tern.conf. tern writes the name into its SQL as it is.
func ternTableIn(d *directory) (schema, table string) {
	return foldTable(d.literalValue(d.ternConf()["database"]["version_table"]))
}

const ternTable = `"public"."schema_version"`

// ternVersion notes a version, after it undid what the file SET.
func ternVersion(table quote.SQL, version string) quote.SQL {
	return `reset all; update ` + table + ` set version=` + quote.Decimal(version)
}

func ternLedger(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: table, needs: true,
		setup:   `create table if not exists ` + table + `(version int4 not null); insert into ` + table + `(version) values (0)`,
		applied: `select version::text from ` + table + ` where version > 0`,
		record:  func(s *step) quote.SQL { return ternVersion(table, s.key) },
	}
}
