package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var preferOneAlter = &lint.Rule{
	ID: "prefer-one-alter", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made | facts.Changed | facts.Dropped,
	Title: "A table is altered by several statements in a row",
	Why: "Each `ALTER TABLE` waits for the lock of the table again when it does not run in a transaction, and is a chance to stop half-way. One statement can hold many actions.\n\n" +
		"Only actions that are as quick together as apart are counted: `ADD COLUMN`, `DROP COLUMN`, `SET DEFAULT`, `DROP DEFAULT`, `DROP NOT NULL`. Joining `VALIDATE CONSTRAINT` with `ADD CONSTRAINT`, or `SET NOT NULL` with the `DROP CONSTRAINT` of its check, makes things worse.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "```sql\nALTER TABLE orders\n  ADD COLUMN note text,\n  ALTER COLUMN state DROP DEFAULT;\n```",
	Check: func(p *lint.Pass) {
		above := p.Above()
		if len(above) == 0 || !quickAlter(p.Statement) || !quickAlter(above[len(above)-1]) {
			return
		}
		table := p.Node().GetAlterTableStmt().Relation
		if p.SameRelation(above[len(above)-1].Node.GetAlterTableStmt().Relation, table) && !p.IsNew(table) {
			p.Reportf(0, "the statement before alters %s, too; join them with a comma", tableName(table))
		}
	},
}

func quickAlter(s *lint.Statement) bool {
	commands := tableCommands(s)
	return len(commands) > 0 && !slices.ContainsFunc(commands, func(c *pg.AlterTableCmd) bool {
		switch c.Subtype {
		case pg.AlterTableType_AT_AddColumn, pg.AlterTableType_AT_DropColumn, pg.AlterTableType_AT_ColumnDefault, pg.AlterTableType_AT_DropNotNull:
			return false
		}
		return true
	})
}
