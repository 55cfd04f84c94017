package source

import (
	"crypto/md5"
	"fmt"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Postgrator sends each file as one message, in no transaction of its own, runs
// what is newer than the newest row, and keeps a checksum of each file.
const Postgrator = "postgrator"

// https://github.com/rickbergfalk/postgrator/blob/main/postgrator.js
var (
	postgratorName = lazyregexp.New(`^(\d+)\.do(?:\.([^.]*)(?:\..*)?)?\.(sql|js|mjs|cjs)$`)
	postgratorUndo = lazyregexp.New(`^(\d+)\.undo(?:\..*)?\.sql$`)
)

func postgrator() tool {
	v := versions{
		tool: Postgrator, order: byNumber, late: lateSkipped,
		onLate: "postgrator runs only what is newer than the newest version that has run; give it a newer version",
		onTwin: "postgrator refuses the whole folder (“Two migrations found with version”); take the next free version",
		unique: true,
	}
	l := layout{
		list: func(d *directory) []string { return d.files }, name: postgratorStep, order: byNumber, tx: lint.TxNone,
		downs: downsByNumber(postgratorUndo),
		check: func(f *Folder, d *directory) { f.forward = !slices.ContainsFunc(d.files, postgratorUndo.MatchString) },
	}
	return tool{
		name: Postgrator, key: "postgrator",
		detect: func(d *directory) (Found, bool) {
			return d.claim(Postgrator, d.mostNamed(`^\d+\.(do|undo)(\..+)?\.sql$`))
		},
		load:   l.load,
		leaves: postgratorLeaves,
		onEdit: "postgrator compares checksums and refuses to run anything where it has run (“MD5 checksum failed for migration”)",
		strict: true, lineEnds: true,
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return `DELETE FROM ` + table + ` WHERE version = ` + quote.Decimal(s.key)
		}},
		withoutDown: "postgrator passes it over and takes the one before it back",
		review:      v.review,
		table:       postgratorTable, tableIn: postgratorTableIn,
		places: func(d *directory) []string {
			return settingPlace("migrationPattern", d.aboveFinds(postgratorPattern, postgratorFiles...))
		},
		runner: func(r *review) Runner { return postgratorLedger(v, r.to.historyTable(postgratorTable)).ready(r) },
	}
}

func postgratorStep(file string) (step, bool) {
	m := postgratorName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	s := step{name: file[:len(file)-len(m[3])-1], key: withoutLeadingZeros(m[1])}
	if m[3] != "sql" {
		s.writtenIn("JavaScript")
	}
	return s, true
}

// postgratorLeaves says why a file is none of postgrator's.
func postgratorLeaves(_ *directory, file string) *leftOut {
	if postgratorUndo.MatchString(path.Base(file)) {
		return nil
	}
	return &leftOut{why: "is not named 1.do.name.sql, so postgrator never runs it; rename it, or move it out of the folder"}
}

var (
	postgratorTableKey = lazyregexp.New(`"schemaTable"\s*:\s*"([^"]+)"`)
	postgratorPattern  = lazyregexp.New(`"migrationPattern"\s*:\s*"([^"]+)"`)
	postgratorFiles    = []string{".postgratorrc.json", ".postgratorrc", "postgrator.json", "package.json"}
)

// postgratorTableIn reads what postgrator-cli reads, where that is JSON.
func postgratorTableIn(d *directory) (schema, table string) {
	return SplitTable(d.aboveFinds(postgratorTableKey, postgratorFiles...))
}

const postgratorTable = `"schemaversion"`

func postgratorLedger(v versions, table quote.SQL) ledger {
	sum := func(s *step) string {
		if s.opaque != "" {
			return "undefined" // what postgrator writes for JavaScript
		}
		return fmt.Sprintf("%x", md5.Sum([]byte(s.raw)))
	}
	return ledger{
		versions: v, table: withPublic(table), sums: true, sum: sum,
		setup: `CREATE TABLE ` + table + ` (version BIGINT PRIMARY KEY);
INSERT INTO ` + table + ` (version) VALUES (0);
ALTER TABLE ` + table + ` ADD COLUMN name TEXT;
ALTER TABLE ` + table + ` ADD COLUMN md5 TEXT;
ALTER TABLE ` + table + ` ADD COLUMN run_at TIMESTAMP WITH TIME ZONE`,
		applied: `SELECT md5 || ' ' || version FROM ` + table + ` WHERE version > 0 ORDER BY version`,
		record: func(s *step) quote.SQL {
			name := postgratorName.FindStringSubmatch(s.file())[2]
			return `INSERT INTO ` + table + ` (version, name, md5, run_at) VALUES (` + quote.Decimal(s.key) + `, ` + quote.Text(name) + `, ` + quote.Text(sum(s)) + `, now())`
		},
	}
}
