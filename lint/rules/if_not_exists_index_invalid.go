package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var ifNotExistsIndexInvalid = &lint.Rule{
	ID: "if-not-exists-index-invalid", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A failed index stays, and IF NOT EXISTS takes it for done",
	Why: "When `CREATE INDEX CONCURRENTLY` fails (a duplicate, a deadlock, a timeout), it leaves an invalid index behind: no query uses it, every write maintains it, and a unique one is not enforced for what was there. Run again, `IF NOT EXISTS` finds its name and skips it, and the migration counts as applied.\n\n" +
		"Not reported behind a `DROP INDEX … IF EXISTS` of the name in the same migration.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	Fix: "```sql\nDROP INDEX CONCURRENTLY IF EXISTS orders_customer_id_idx;\nCREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetIndexStmt()
		if !s.GetConcurrent() || !s.IfNotExists || p.IsNew(s.Relation) || droppedBefore(p, indexName(s)) {
			return
		}
		p.Reportf(0, "if building %s fails, an invalid index stays, which IF NOT EXISTS takes for done in the next run; DROP INDEX CONCURRENTLY IF EXISTS %s", s.Idxname, laterOrFirst(p))
	},
}

// indexName names the index that a statement makes, which lies in the schema of
// its table.
func indexName(s *pg.IndexStmt) facts.Name {
	name := facts.Named(facts.Index, s.Relation)
	name.Name = s.Idxname
	return name
}
