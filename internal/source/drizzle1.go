package source

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Drizzle1 is Drizzle since 1.0: a folder for each migration, and no journal.
const Drizzle1 = "Drizzle 1.0"

// snapshotOf1 is the snapshot that stands beside a migration of 1.0.
const snapshotOf1 = "snapshot.json"

var (
	drizzleStamp    = lazyregexp.New(`^\d{14}`)
	snapshotDialect = lazyregexp.New(`"dialect"\s*:\s*"(\w+)"`)
)

// drizzle1 runs what has no row of its name. Written after
// drizzle-orm 1.0.0-rc.5: migrator.js, migrator.utils.js, pg-core/async/session.js.
func drizzle1() tool {
	v := versions{
		tool: Drizzle1, order: localeCompare, byFile: true,
		onLate: "create it again on top of the base branch",
	}
	l := layout{list: listPrisma, name: prismaStep, order: localeCompare, tx: lint.TxAllPending, up: drizzleChunks}
	return tool{
		name: Drizzle1, key: "drizzle-1", nested: true,
		detect: detectDrizzle1,
		load: func(d *directory, found Found) (*Folder, error) {
			if !d.isDrizzle1() && d.has(drizzleJournal) {
				found.Tool = Drizzle // the other branch has converted it
				return loadDrizzle(d, found)
			}
			return l.load(d, found)
		},
		leaves: leavesAllBut(Drizzle1, "the migration.sql of directories"),
		onEdit: "Drizzle never compares the hash it keeps, so databases that have run it silently stay at the old version",
		review: func(r *review) { reviewDrizzle1(v, r) }, declared: (*Folder).declared1,
		runner: func(r *review) Runner { return drizzle1Ledger(v, r) },
		table:  drizzleTable, tableOn: drizzleTableOn,

		generated: true, separator: ";" + breakpoint + "\n",
	}
}

func detectDrizzle1(d *directory) (Found, bool) {
	if !d.isDrizzle1() {
		return Found{}, false
	}
	config, _ := d.drizzleConfig()
	found := Found{Dir: d.dir, Tool: Drizzle1, Dialect: postgresql, Schema: config.schema, Table: config.table, Config: config.file, detected: config}
	dialect := config.dialect
	for _, dir := range d.with("migration.sql") {
		if m := snapshotDialect.FindStringSubmatch(d.beginning(path.Join(dir, snapshotOf1))); m != nil {
			return found.inDialect(d, canonicalDialect(m[1]), path.Join(dir, snapshotOf1)), true
		}
	}
	return found.inDialect(d, dialect, path.Base(config.file)), true
}

func drizzleChunks(f *Folder, s *step) {
	stamp := drizzleStamp.FindString(s.name)
	if stamp == "" {
		f.refuse(s, wholeFile, "stands in a folder whose name does not begin with a time of 14 digits, so Drizzle fails when it notes it (invalid input syntax for type bigint: \"NaN\"); name the folder as drizzle-kit does")
		return
	}
	year, month, day := parseDigits(stamp[:4]), parseDigits(stamp[4:6]), parseDigits(stamp[6:8])
	made := time.Date(year, time.Month(month), day, parseDigits(stamp[8:10]), parseDigits(stamp[10:12]), parseDigits(stamp[12:14]), 0, time.UTC)
	s.own = drizzleEntry{when: made.UnixMilli()}
	s.chunks = splitBreakpoints(s.text)
}

// parseDigits reads digits.
func parseDigits(text string) int {
	n := 0
	for _, c := range text {
		n = 10*n + int(c-'0')
	}
	return n
}

// reviewDrizzle1 takes a conversion by drizzle-kit up for what it is: new
// names that the first run of drizzle-orm 1.0 writes into the history table.
func reviewDrizzle1(v versions, r *review) {
	r.ownProblems((*Folder).snapshotProblems1)
	r.openBranches()
	if r.from == nil || r.from.Tool != Drizzle {
		v.review(r)
		r.schemaNotMigrated()
		return
	}
	converted := 0
	var first *step
	for _, s := range r.renamedTo {
		if s == nil {
			continue
		}
		converted++
		if first == nil {
			first = s
		}
	}
	if first == nil {
		return
	}
	f := rules.MigrationRenamed.AtFile(first.path, fmt.Sprintf(
		"the folder is converted to the layout of Drizzle 1.0; %d of the %d migrations on %s have the same text under a new name, which drizzle-orm 1.0 writes into its history table on its first run; deploy it before the next migration",
		converted, len(r.from.steps), r.base))
	f.Severity = lint.Notice
	r.report(f)
}

// localeCompare orders names as ICU does: punctuation, digits, letters, and
// only then small before capital letters.
func localeCompare(a, b string) int {
	if c := strings.Compare(collationKey(a), collationKey(b)); c != 0 {
		return c
	}
	return -strings.Compare(a, b)
}

func collationKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '_':
			return 1
		case '-':
			return 2
		default:
			return r
		}
	}, strings.ToLower(name))
}

func drizzle1Ledger(v versions, r *review) Runner {
	schema, _ := r.to.historyNames(drizzleTable)
	table := r.to.historyTable(drizzleTable)
	l := ledger{
		versions: v, table: table,
		setup: `CREATE SCHEMA IF NOT EXISTS ` + schema + `;
CREATE TABLE IF NOT EXISTS ` + table + ` (
	id SERIAL PRIMARY KEY,
	hash text NOT NULL,
	created_at bigint,
	name text,
	applied_at timestamp with time zone DEFAULT now()
)`,
		applied: `select name from ` + table + ` where name is not null order by id`,
		record: func(s *step) quote.SQL {
			hash := sha256.Sum256([]byte(s.raw))
			return `insert into ` + table + ` ("hash", "created_at", "name") values('` + quote.Hex(hash[:]) + `', ` + quote.Number(drizzleWhen(s)) + `, ` + quote.Text(s.name) + `)`
		},
	}.ready(r)
	l.steps = maps.Clone(l.steps)
	for i, old := range r.gone {
		if now := r.renamedTo[i]; now != nil && r.from.Tool == Drizzle && r.old[old] != nil {
			l.steps[r.old[old]] = now // as the upgrade of the table renames it
		}
	}
	return l
}
