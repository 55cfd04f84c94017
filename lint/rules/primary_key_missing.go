package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var primaryKeyMissing = &lint.Rule{
	ID: "primary-key-missing", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made,
	Title: "A new table has no primary key",
	Why: "Without one, rows cannot be told apart: a duplicate cannot be deleted by its values, a logical replica refuses `UPDATE` and `DELETE` (`55000`), and tools that copy or compare tables in chunks have nothing to go by. Adding it later needs an index and a scan.\n\n" +
		"Not reported: partitions, which have their parent's, temporary and foreign tables, and tables that get one later in the review.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS",
	Fix: "```sql\nCREATE TABLE visits (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n  …\n);\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateStmt()
		if s == nil || facts.IsTemporary(s.Relation) || s.Partbound != nil || s.OfTypename != nil || len(s.InhRelations) > 0 || p.Table(s.Relation) != nil || hasPrimaryKey(p, s) {
			return
		}
		f := p.Reportf(s.Relation.GetLocation(), "%s has no primary key, so that its rows cannot be told apart or replicated; give it one", tableName(s.Relation))
		p.TellInSeries(f, "none", tableName(s.Relation))
	},
}

func hasPrimaryKey(p *lint.Pass, s *pg.CreateStmt) bool {
	final := p.TableFinal(s.Relation)
	return final == nil || final.Partial || final.PrimaryKey() != nil
}
