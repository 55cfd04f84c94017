package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var storageOfNewRows = &lint.Rule{
	ID: "storage-of-new-rows", Group: lint.GroupData, Severity: lint.Notice,
	On:      facts.Changed,
	Remains: true,
	Title:   "SET STORAGE or SET COMPRESSION leaves the rows as they are",
	Why: "How a value is stored or compressed is decided when it is written. `ALTER COLUMN … SET STORAGE` and `SET COMPRESSION` are about values to come; those that are there stay until they are changed; `VACUUM FULL` does not compress them anew. The statement itself is quick, and takes `ACCESS EXCLUSIVE` for a moment.\n\n" +
		"https://www.postgresql.org/docs/current/storage-toast.html",
	Fix: "Expect the effect with new rows. To have it for old ones, write the column anew in batches, in a way that makes a new value of it: `UPDATE documents SET body = body || '' WHERE id BETWEEN … AND …;`",
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			what := map[pg.AlterTableType]string{pg.AlterTableType_AT_SetStorage: "SET STORAGE", pg.AlterTableType_AT_SetCompression: "SET COMPRESSION"}[c.Subtype]
			if what != "" && !p.IsNew(c.table) && !isNewObject(p, facts.PartOf(facts.Column, c.table, c.Name)) {
				p.Reportf(c.location, "%s is for new values of %s.%s only; rows that are there stay as they are until the column is written anew", what, tableName(c.table), c.Name)
			}
		}
	},
}
