package source

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/migvet/migvet/lint"
)

// Tern renders each file as a template, numbers files from 1 without gaps, and
// keeps nothing but the version that a database is at.
const Tern = "tern"

// https://github.com/jackc/tern/blob/v2.3.4/migrate/migrate.go
var (
	ternName  = regexp.MustCompile(`^(\d+)_.+\.sql$`)
	ternNoTx  = regexp.MustCompile(`(?m)^---- tern: disable-tx ----$`)
	ternDatum = regexp.MustCompile(`^\s*([^=;#\s][^=]*?)\s*=\s*(.*?)\s*$`)
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
		name: Tern, key: "tern",
		detect: detectTern,
		load: func(fsys fs.FS, found Found) (*Folder, error) {
			d, err := openDirectory(fsys, found.Dir)
			if err != nil {
				return nil, err
			}
			t := newTernTemplates(d, found)
			l := layout{
				name: ternStep, order: byNumber, tx: lint.TxFile, up: t.parts,
				stray: "has no number before its first underscore, so tern never runs it; rename it, or move it out of the folder",
			}
			f, err := l.load(fsys, found)
			if err != nil {
				return nil, err
			}
			f.findGap(Tern)
			return f, nil
		},
		onEdit: "tern remembers the version and not what was in the files, so databases that have run it stay at the old text",
		undo: &undoing{forget: func(table string, _, previous *step) string {
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
	return d.claim(Tern, d.contain(`^`+ternDown) || d.contain(`^---- tern: disable-tx ----`) ||
		d.named(ternName.String()) && d.ternConf() != "")
}

// ternConf returns the text of the nearest tern.conf, in the folder or above.
func (d *directory) ternConf() string {
	text := ""
	d.climb(func(up *directory) bool {
		if text = up.beginning("tern.conf"); text != "" {
			d.told = path.Join(up.dir, "tern.conf")
		}
		return text != ""
	})
	return text
}

func ternStep(file string) (step, bool) {
	m := ternName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".sql"), key: digits(m[1])}, true
}

// ternData returns the values under [data] that do not depend on where tern
// runs.
func ternData(conf string) map[string]string {
	return section(conf, "data")
}

// section returns the settings of one section of a file that has [sections].
func section(conf, name string) map[string]string {
	data := map[string]string{}
	_, text, _ := strings.Cut(conf, "["+name+"]")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "[") {
			break
		}
		if m := ternDatum.FindStringSubmatch(line); m != nil && !strings.Contains(m[2], "{{") {
			data[m[1]] = m[2]
		}
	}
	return data
}

// ternTemplateTable is a name that comes from where tern runs.
var ternTemplateTable = regexp.MustCompile(`(?m)^\s*version_table\s*=.*\{\{`)

// ternTableIn reads tern.conf. tern writes the name into its SQL as it is.
func ternTableIn(d *directory) (schema, table string) {
	conf := d.ternConf()
	d.unsure = ternTemplateTable.MatchString(conf)
	return foldTable(section(conf, "database")["version_table"])
}

const ternTable = `"public"."schema_version"`

// ternVersion notes a version, after it undid what the file SET.
func ternVersion(table, version string) string {
	return fmt.Sprintf(`reset all; update %s set version=%s`, table, version)
}

func ternLedger(v versions, table string) ledger {
	return ledger{
		versions: v, table: table, needs: true,
		setup:   `create table if not exists ` + table + `(version int4 not null); insert into ` + table + `(version) values (0)`,
		applied: `select version::text from ` + table + ` where version > 0`,
		record:  func(s *step) string { return ternVersion(table, s.key) },
	}
}
