package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferIfExists = &lint.Rule{
	ID: "prefer-if-exists", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Dropped,
	Title: "A statement fails when it is run again",
	Why: "A migration that runs outside a transaction and breaks off in the middle has to be run again from its beginning; `IF EXISTS` and `IF NOT EXISTS` let what is done already pass.\n\n" +
		"Opt-in, because there is a price: a name that is misspelt, or taken by something else, passes as well. `drop-missed` and `no-effect` tell of that when the migration is tried.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "```sql\nCREATE TABLE IF NOT EXISTS orders (…);\nALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;\nDROP INDEX IF EXISTS orders_total_idx;\n```",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_DropStmt:
			reportNotAgain(p, 0, !n.DropStmt.MissingOk, "DROP", "IF EXISTS")
		case *pg.Node_CreateStmt:
			reportNotAgain(p, 0, !n.CreateStmt.IfNotExists, "CREATE TABLE", "IF NOT EXISTS")
		case *pg.Node_IndexStmt:
			reportNotAgain(p, 0, !n.IndexStmt.IfNotExists, "CREATE INDEX", "IF NOT EXISTS")
		case *pg.Node_CreateSeqStmt:
			reportNotAgain(p, 0, !n.CreateSeqStmt.IfNotExists, "CREATE SEQUENCE", "IF NOT EXISTS")
		case *pg.Node_CreateSchemaStmt:
			reportNotAgain(p, 0, !n.CreateSchemaStmt.IfNotExists, "CREATE SCHEMA", "IF NOT EXISTS")
		case *pg.Node_CreateExtensionStmt:
			reportNotAgain(p, 0, !n.CreateExtensionStmt.IfNotExists, "CREATE EXTENSION", "IF NOT EXISTS")
		}
		for _, c := range alterCommands(p.Statement) {
			reportNotAgain(p, c.location, c.Subtype == pg.AlterTableType_AT_AddColumn && !c.MissingOk, "ADD COLUMN", "IF NOT EXISTS")
			reportNotAgain(p, c.location, droppedParts[c.Subtype] != "" && !c.MissingOk, "DROP", "IF EXISTS")
		}
	},
}

func reportNotAgain(p *lint.Pass, location int32, fails bool, what, with string) {
	if fails {
		p.Reportf(location, "%s fails when the migration is run again after breaking off; add %s", what, with)
	}
}
