package source

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// NodePgMigrate runs files of SQL and of JavaScript, all pending ones in one
// transaction.
const NodePgMigrate = "node-pg-migrate"

// https://github.com/salsita/node-pg-migrate/blob/main/src/sqlMigration.ts
var (
	nodePgUp   = lazyregexp.New(`(?im)^\s*--[\s-]*up\s+migration`)
	nodePgDown = lazyregexp.New(`(?im)^\s*--[\s-]*down\s+migration`)
	nodePgName = lazyregexp.New(`^[^.].*\.(sql|js|ts|cjs|mjs|cts|mts)$`)
)

func nodePgMigrate() tool {
	v := versions{
		tool: NodePgMigrate, order: nodePgOrder, late: lateRefused, byFile: true,
		onLate: "node-pg-migrate then runs nothing (“Not run migration … is preceding already run migration”) unless it is given --no-check-order; give it a newer time",
	}
	l := layout{list: listNodePg, name: nodePgStep, order: nodePgOrder, tx: lint.TxAllPending, up: nodePgParts}
	return tool{
		name: NodePgMigrate, key: "node-pg-migrate",
		detect: func(d *directory) (Found, bool) {
			return d.claim(NodePgMigrate, d.mostContain(`(?i)^\s*--[\s-]*up\s+migration`) ||
				d.mostNamed(`^\d+_.*\.sql$`) && slices.Contains(migrationFolders, lowerBase(d.dir)) && d.aboveContain(`"node-pg-migrate"`, "package.json"))
		},
		load: l.load,
		configure: func(f *Folder, d *directory) {
			f.schemas = d.nodePgSchemas()
			f.searchPath = string(quote.Names(f.schemas))
		},
		onEdit: "node-pg-migrate remembers names and not what was in the files, so databases that have run it stay at the old text",
		onLoss: "node-pg-migrate then runs nothing where it has run (“Not run migration … is preceding already run migration”)",
		review: v.review,
		table:  nodePgTable, tableIn: nodePgTableIn,
		places: func(d *directory) []string {
			return settingPlace("--migrations-dir", d.aboveFinds(nodePgDirFlag, "package.json"))
		},
		runner: func(r *review) Runner { return nodePgLedger(v, r.to.historyTable(nodePgTable)).ready(r) },
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return `DELETE FROM ` + table + ` WHERE name = ` + quote.Text(s.name)
		}, stops: true},
		withoutDown: "node-pg-migrate down refuses it",
	}
}

func lowerBase(dir string) string { return strings.ToLower(dir[strings.LastIndexByte(dir, '/')+1:]) }

// listNodePg takes every file, as node-pg-migrate does, that can be one of its
// migrations.
func listNodePg(d *directory) []string {
	var files []string
	for _, f := range d.files {
		if nodePgName.MatchString(f) && !strings.HasSuffix(f, ".d.ts") {
			files = append(files, f)
		}
	}
	return files
}

func nodePgStep(file string) (step, bool) {
	dot := strings.LastIndexByte(file, '.')
	s := step{name: file[:dot], key: file[:dot]}
	if file[dot:] != ".sql" {
		s.writtenIn(languageOf(file))
	}
	return s, true
}

func nodePgParts(_ *Folder, s *step) {
	up, down := nodePgUp.FindStringIndex(s.text), nodePgDown.FindStringIndex(s.text)
	part := lint.Span{Start: 0, End: len(s.text)}
	if up != nil {
		part.Start = up[0]
		if down != nil && down[0] > up[0] {
			part.End = down[0]
		}
	}
	if down != nil {
		s.downIn(nodePgBack(s.text, up, down), lint.TxAllPending)
	}
	s.keep(part)
}

// nodePgBack is the section behind "-- Down Migration", which may stand before "-- Up
// Migration".
func nodePgBack(text string, up, down []int) lint.Span {
	if up != nil && up[0] > down[0] {
		return lint.Span{Start: down[0], End: up[0]}
	}
	return lint.Span{Start: down[0], End: len(text)}
}

// nodePgOrder goes by the time that a name begins with: 13 digits are
// milliseconds, 17 are a date, others are taken as they are.
func nodePgOrder(a, b string) int {
	if c := cmp.Compare(nodePgTime(a), nodePgTime(b)); c != 0 {
		return c
	}
	return localeCompare(a, b)
}

func nodePgTime(name string) float64 {
	prefix, _, _ := strings.Cut(name, "_")
	if len(prefix) == 17 {
		if t, err := time.Parse("20060102150405", prefix[:14]); err == nil {
			return float64(t.UnixMilli() + int64(parseDigits(prefix[14:])))
		}
	}
	n, err := strconv.ParseFloat(prefix, 64)
	if err != nil {
		return 0
	}
	return n
}

// The arguments of the command, as package.json has it.
var (
	nodePgTableFlag  = lazyregexp.New(`node-pg-migrate\b[^"&|;]*\s(?:--migrations-table|-t)[ =]([\w$]+)`)
	nodePgSchemaFlag = lazyregexp.New(`node-pg-migrate\b[^"&|;]*\s--migrations-schema[ =]([\w$]+)`)
	nodePgDirFlag    = lazyregexp.New(`node-pg-migrate\b[^"&|;]*\s(?:--migrations-dir|-m)[ =]([\w./-]+)`)
	nodePgPathFlag   = lazyregexp.New(`node-pg-migrate\b[^"&|;]*\s(?:--schema|-s)((?:[ =][\w$]+)+)`)
)

// nodePgTableIn reads the flags. The table is in the first schema of the path
// unless it has one of its own.
func nodePgTableIn(d *directory) (schema, table string) {
	schema = d.aboveFinds(nodePgSchemaFlag, "package.json")
	if path := d.nodePgSchemas(); schema == "" && len(path) > 0 {
		schema = path[0]
	}
	return schema, d.aboveFinds(nodePgTableFlag, "package.json")
}

// nodePgSchemas are the whole search path of the tool's session.
func (d *directory) nodePgSchemas() []string {
	return strings.FieldsFunc(d.aboveFinds(nodePgPathFlag, "package.json"), func(r rune) bool { return r == ' ' || r == '=' })
}

const nodePgTable = `"public"."pgmigrations"`

func nodePgLedger(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: table, needs: true,
		setup:   `CREATE TABLE ` + table + ` (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
		applied: `SELECT name::text FROM ` + table + ` ORDER BY run_on, id`,
		record: func(s *step) quote.SQL {
			return `INSERT INTO ` + table + ` (name, run_on) VALUES (` + quote.Text(s.name) + `, NOW())`
		},
	}
}
