package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var insertSeed = &lint.Rule{
	ID: "insert-seed", Group: lint.GroupData, Severity: lint.Off,
	On:    facts.Filled,
	Title: "A migration inserts rows",
	Why: "Rows that a migration brings are in every database: production, tests, every developer's. The next change of them is another migration, and an edit by a user is overwritten or in the way. " +
		"Identifiers written by hand collide with those that a sequence gives out, which does not notice (`23505` later, in code).\n\n" +
		"Opt-in: for a team that keeps data apart from the schema.",
	Fix: "Keep seeds in a script of their own. Rows that belong to the schema, such as those of a lookup table: insert them so that a second run changes nothing.\n\n```sql\nINSERT INTO states (name) VALUES ('open') ON CONFLICT DO NOTHING;\n```",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_InsertStmt:
			reportSeed(p, n.InsertStmt)
		case *pg.Node_CopyStmt:
			if n.CopyStmt.IsFrom && !isTemporaryHere(p, n.CopyStmt.Relation) {
				p.Reportf(n.CopyStmt.Relation.GetLocation(), "the migration loads rows into %s in every database; keep data in a script of its own", tableName(n.CopyStmt.Relation))
			}
		}
	},
}

// reportSeed leaves out INSERT … SELECT FROM, which moves rows that are there.
func reportSeed(p *lint.Pass, s *pg.InsertStmt) {
	rows := s.GetSelectStmt().GetSelectStmt()
	if len(rows.GetFromClause()) > 0 || isTemporaryHere(p, s.Relation) {
		return
	}
	way := "keep data in a script of its own"
	if s.OnConflictClause == nil {
		way += ", or add ON CONFLICT, so that it can run where the rows are"
	}
	n := max(1, len(rows.GetValuesLists())+p.Statement.LeftOut())
	p.Reportf(s.Relation.GetLocation(), "the migration inserts %s into %s in every database; %s", noun.Count(n, "row"), tableName(s.Relation), way)
}
