package source

import (
	"cmp"
	"crypto/sha512"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Sqlx keeps a checksum of each file and refuses everything when one differs.
const Sqlx = "sqlx"

// https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/source.rs
var sqlxDown = lazyregexp.New(`^0*([0-9]+)_.*\.down\.sql$`)

var sqlxName = lazyregexp.New(`^0*([0-9]+)_(.*)\.sql$`)

func sqlx() tool {
	v := versions{
		tool: Sqlx, order: byNumber,
		onLate: "give it a newer version",
		onTwin: "the version is the key of the history table, so the second one fails; take the next free version",
	}
	l := layout{
		name: sqlxStep, order: byNumber, tx: lint.TxFile, up: sqlxTransaction,
		downs:   downsByNumber(sqlxDown),
		prepare: sqlxTransaction,
		check:   (*Folder).findUnnumbered,
	}
	return tool{
		name: Sqlx, key: "sqlx",
		detect: func(d *directory) (Found, bool) {
			if !d.mostNamed(`^\d+_.*\.sql$`) || !d.aboveContain("sqlx", "Cargo.toml") {
				return Found{}, false
			}
			dialect, evidence := d.otherDialect(d.sql())
			dialect, evidence = d.orElse(d.sql(), dialect, evidence, func() (string, string) { return d.dialectOfCrate("sqlx") })
			return Found{Dir: d.dir, Tool: Sqlx, Dialect: postgresql}.inDialect(d, cmp.Or(dialect, postgresql), evidence), true
		},
		load:   l.load,
		onEdit: "sqlx compares checksums and refuses to run anything where it has run (“was previously applied but has been modified”)",
		strict: true, lineEnds: true,
		onLoss: "sqlx refuses to run anything where it has run (“was previously applied but is missing in the resolved migrations”)",
		review: v.review,
		table:  sqlxTable,
		runner: func(r *review) Runner { return sqlxLedger(v, r.to.historyTable(sqlxTable)).ready(r) },
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return `DELETE FROM ` + table + ` WHERE version = ` + quote.Decimal(s.key)
		}},
		withoutDown: "sqlx migrate revert passes it over and takes the one before it back",
	}
}

func sqlxStep(file string) (step, bool) {
	m := sqlxName.FindStringSubmatch(file)
	if m == nil || strings.HasSuffix(file, ".down.sql") {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(strings.TrimSuffix(file, ".sql"), ".up"), key: withoutLeadingZeros(m[1])}, true
}

// findUnnumbered looks for names on which sqlx stops. Those without an
// underscore, and those that do not end in .sql, it passes over.
func (f *Folder) findUnnumbered(d *directory) {
	for _, name := range d.sql() {
		if sqlxName.MatchString(name) {
			continue
		}
		file := path.Join(f.Dir, name)
		if !strings.Contains(name, "_") || !strings.HasSuffix(name, ".sql") {
			f.problems = append(f.problems, problem{rules.MigrationOrphaned.AtFile(file, name+" is not named VERSION_NAME.sql, so sqlx never runs it; rename it, or move it out of the folder"), "orphan " + file})
			continue
		}
		f.broken = file + " does not begin with a number"
		f.problems = append(f.problems, problem{rules.FileUnreadable.AtFile(file, name+" does not begin with a number, so sqlx refuses the whole folder; rename it, or move it out of the folder"), "unnumbered " + file})
	}
}

func sqlxTransaction(_ *Folder, s *step) {
	if strings.HasPrefix(s.raw, "-- no-transaction") {
		s.tx = lint.TxNone
	}
}

const sqlxTable = `"public"."_sqlx_migrations"`

func sqlxLedger(v versions, table quote.SQL) ledger {
	sum := func(s *step) quote.SQL {
		hash := sha512.Sum384([]byte(s.raw))
		return quote.Hex(hash[:])
	}
	return ledger{
		versions: v, table: table, sums: true, needs: true, sum: func(s *step) string { return string(sum(s)) },
		setup: `CREATE TABLE IF NOT EXISTS ` + table + ` (
	version BIGINT PRIMARY KEY,
	description TEXT NOT NULL,
	installed_on TIMESTAMPTZ NOT NULL DEFAULT now(),
	success BOOLEAN NOT NULL,
	checksum BYTEA NOT NULL,
	execution_time BIGINT NOT NULL
)`,
		applied: `SELECT encode(checksum, 'hex') || ' ' || version FROM ` + table + ` ORDER BY version`,
		record: func(s *step) quote.SQL {
			_, description, _ := strings.Cut(s.name, "_")
			return `INSERT INTO ` + table + ` (version, description, success, checksum, execution_time) VALUES (` +
				quote.Decimal(s.key) + `, ` + quote.Text(strings.ReplaceAll(description, "_", " ")) + `, TRUE, '\x` + sum(s) + `', 0)`
		},
	}
}
