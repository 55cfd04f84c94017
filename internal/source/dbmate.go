package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Dbmate runs the part of each file behind "-- migrate:up".
const Dbmate = "dbmate"

// https://github.com/amacneil/dbmate/blob/main/pkg/dbmate/migration.go
var (
	dbmateName = lazyregexp.New(`^(\d+).*\.sql$`)
	dbmateUp   = lazyregexp.New(`(?m)^--\s*migrate:up(\s*$|\s+\S+)`)
	dbmateDown = lazyregexp.New(`(?m)^--\s*migrate:down(\s*$|\s+\S+)`)
	dbmateNoTx = lazyregexp.New(`^--\s*migrate:up[^\n]*\btransaction:false\b`)

	dbmateDownNoTx = lazyregexp.New(`^--\s*migrate:down[^\n]*\btransaction:false\b`)
)

func dbmate() tool {
	v := versions{
		tool: Dbmate, order: strings.Compare,
		strictly: true,
		onLate:   "dbmate up --strict refuses it; give it a newer version",
		onTwin:   "the version is the key of the history table, so the second one is skipped where the first has run, and fails where both are new; take the next free version",
	}
	l := layout{
		name: dbmateStep, order: strings.Compare, tx: lint.TxFile, up: dbmateParts,
		stray: "does not begin with a number, so dbmate never runs it; rename it, or move it out of the folder",
	}
	return tool{
		name: Dbmate, key: "dbmate",
		detect: func(d *directory) (Found, bool) {
			return d.claim(Dbmate, d.mostContain(`(?i)^--\s*migrate:up`))
		},
		load:    l.load,
		onEdit:  "dbmate remembers versions and not what was in them, so databases that have run it stay at the old text",
		review:  v.review,
		table:   dbmateTable,
		tableIn: func(d *directory) (schema, table string) { return SplitTable(d.dotenv("DBMATE_MIGRATIONS_TABLE")) },
		places:  func(d *directory) []string { return d.dotenvPlaces("DBMATE_MIGRATIONS_DIR") },
		runner:  func(r *review) Runner { return dbmateLedger(v, r.to.historyTable(dbmateTable)).ready(r) },
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return `delete from ` + table + ` where version = ` + quote.Text(s.key)
		}},
		withoutDown: "dbmate down forgets that it has run and changes nothing",
	}
}

func dbmateStep(file string) (step, bool) {
	m := dbmateName.FindStringSubmatch(file)
	if m == nil {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".sql"), key: m[1]}, true
}

func dbmateParts(f *Folder, s *step) {
	up, down := dbmateUp.FindStringIndex(s.text), dbmateDown.FindStringIndex(s.text)
	switch {
	case up == nil:
		f.refuse(s, wholeFile, "has no -- migrate:up, so dbmate fails on it")
	case down == nil:
		f.refuse(s, wholeFile, "has no -- migrate:down, so dbmate fails on it; add the line, even with nothing behind it")
	case down[0] < up[0]:
		f.refuse(s, lint.Span{Start: down[0], End: down[1]}, "has -- migrate:down before -- migrate:up, so dbmate fails on it")
	case !onlyComments(s.text[:up[0]]):
		f.refuse(s, lint.Span{Start: 0, End: up[0]}, "has SQL before -- migrate:up, so dbmate fails on it")
	default:
		if dbmateNoTx.MatchString(s.text[up[0]:]) {
			s.tx = lint.TxNone
		}
		s.downIn(lint.Span{Start: down[0], End: len(s.text)}, dbmateDownTx(s.text[down[0]:]))
		s.keep(lint.Span{Start: up[0], End: down[0]})
	}
}

func dbmateDownTx(section string) lint.TxMode {
	if dbmateDownNoTx.MatchString(section) {
		return lint.TxNone
	}
	return lint.TxFile
}

const dbmateTable = `"public"."schema_migrations"`

func dbmateLedger(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: table,
		setup:   `create table if not exists ` + table + ` (version varchar not null primary key)`,
		applied: `select version::text from ` + table + ` order by version collate "C"`,
		record: func(s *step) quote.SQL {
			return `insert into ` + table + ` (version) values (` + quote.Text(s.key) + `)`
		},
	}
}
