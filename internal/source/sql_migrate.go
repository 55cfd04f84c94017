package source

import (
	"cmp"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// SQLMigrate runs the statements behind "-- +migrate Up" one by one.
const SQLMigrate = "sql-migrate"

// https://github.com/rubenv/sql-migrate/blob/v1.8.1/migrate.go
var sqlMigrateNumber = lazyregexp.New(`^(\d+)`)

func sqlMigrate() tool {
	v := versions{
		tool: SQLMigrate, order: sqlMigrateOrder, byFile: true,
		onLate: "give it a newer number",
	}
	l := layout{name: sqlMigrateStep, order: sqlMigrateOrder, tx: lint.TxFile, up: sqlMigrateUp}
	return tool{
		name: SQLMigrate, key: "sql-migrate", takesAll: true,
		detect: func(d *directory) (Found, bool) {
			return d.claim(SQLMigrate, d.mostContain(`^-- \+migrate\s+Up`))
		},
		load:   l.load,
		onEdit: "sql-migrate remembers names and not what was in the files, so databases that have run it stay at the old text",
		onLoss: "sql-migrate refuses to run anything where it has run (“unknown migration in database”)",
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return `delete from ` + table + ` where "id"=` + quote.Text(s.key)
		}},
		withoutDown: "sql-migrate down forgets that it has run and changes nothing",
		review:      v.review,
		table:       sqlMigrateTable, tableIn: sqlMigrateTableIn, places: (*directory).sqlMigratePlaces,
		runner: func(r *review) Runner { return sqlMigrateLedger(v, r.to.historyTable(sqlMigrateTable)).ready(r) },
	}
}

func sqlMigrateStep(file string) (step, bool) {
	if !strings.HasSuffix(file, ".sql") {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".sql"), key: file}, true
}

// sqlMigrateOrder goes by the number that a name begins with, names without
// one last, and then by the name.
func sqlMigrateOrder(a, b string) int {
	x, y := sqlMigrateNumber.FindString(a), sqlMigrateNumber.FindString(b)
	switch {
	case x == "" && y != "":
		return 1
	case x != "" && y == "":
		return -1
	}
	return cmp.Or(byNumber(x, y), strings.Compare(a, b))
}

// sqlMigrateTableIn reads dbconfig.yml, where its environments agree.
func sqlMigrateTableIn(d *directory) (schema, table string) {
	environments, _ := nearestFile(d, parseDBConfig, "dbconfig.yml")
	first := true
	for _, e := range environments {
		if !first && (e.Schema != schema || e.Table != table) {
			d.unsure = true
			return "", ""
		}
		schema, table, first = e.Schema, e.Table, false
	}
	return d.literalValue(schema), d.literalValue(table)
}

const sqlMigrateTable = `"public"."gorp_migrations"`

func sqlMigrateLedger(v versions, table quote.SQL) ledger {
	return ledger{
		versions: v, table: table, needs: true,
		setup:   `create table if not exists ` + table + ` ("id" text not null primary key, "applied_at" timestamp with time zone)`,
		applied: `SELECT "id" FROM ` + table + ` ORDER BY "applied_at", "id"`,
		record: func(s *step) quote.SQL {
			return `insert into ` + table + ` ("id","applied_at") values (` + quote.Text(s.key) + `,now())`
		},
	}
}
