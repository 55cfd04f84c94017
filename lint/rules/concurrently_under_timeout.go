package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var concurrentlyUnderTimeout = &lint.Rule{
	ID: "concurrently-under-timeout", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Made | facts.Rebuilt,
	Title: "A statement_timeout is set for a concurrent build of an index",
	Why: "`CREATE INDEX CONCURRENTLY` and `REINDEX … CONCURRENTLY` read the table twice, and wait for transactions that are older than they are: on a large table they take longer than a timeout that is meant for quick statements. " +
		"When it ends them (`57014`), an invalid index stays, which no query uses and every write maintains; nothing of it is rolled back.\n\n" +
		"They block nobody, so they need no timeout. Not reported for a table that the review makes.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	Fix: "```sql\nSET statement_timeout = 0;\nCREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\nRESET statement_timeout;\n```",
	Check: func(p *lint.Pass) {
		index, what := builtConcurrently(p.Node())
		if what == "" || index != nil && p.IsNew(index) || p.InTransaction() {
			return
		}
		if timeout := timeoutSet(p, "statement_timeout"); timeout != "" {
			p.Reportf(0, "%s ends when it takes longer than statement_timeout = %s, as on a large table, and an invalid index stays; SET statement_timeout = 0 in front of it", what, timeout)
		}
	},
}

// builtConcurrently says what a statement builds without blocking writes, and of which
// table, where it tells; "" for other statements.
func builtConcurrently(n *pg.Node) (table *pg.RangeVar, what string) {
	if s := n.GetIndexStmt(); s.GetConcurrent() {
		return s.Relation, "building index" + onlyIf(s.Idxname != "", " "+s.Idxname) + " concurrently"
	}
	s := n.GetReindexStmt()
	if s == nil || !facts.HasOption(s.Params, "concurrently") {
		return nil, ""
	}
	if s.Kind == pg.ReindexObjectType_REINDEX_OBJECT_TABLE {
		table = s.Relation
	}
	return table, "REINDEX CONCURRENTLY"
}
