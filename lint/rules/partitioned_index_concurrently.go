package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var partitionedIndexConcurrently = &lint.Rule{
	ID: "partitioned-index-concurrently", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Made | facts.Dropped,
	Title: "An index of a partitioned table is built or dropped CONCURRENTLY",
	Why: "PostgreSQL refuses `CREATE INDEX CONCURRENTLY` on a partitioned table and `DROP INDEX CONCURRENTLY` of an index on one (`0A000`); it knows both only for the partitions.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
	Fix: "Make the index of the parent without those of the partitions, build theirs concurrently, and attach them; the last one makes the parent's valid:\n\n" +
		"```sql\nCREATE INDEX measurements_at_idx ON ONLY measurements (at);\n" +
		"CREATE INDEX CONCURRENTLY measurements_2024_at_idx ON measurements_2024 (at); -- each partition\n" +
		"ALTER INDEX measurements_at_idx ATTACH PARTITION measurements_2024_at_idx;\n```\n\n" +
		"To drop one, use `DROP INDEX` with a short `lock_timeout`.",
	Explains: []string{"0A000"},
	Check: func(p *lint.Pass) {
		if p.Tried() {
			return
		}
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_IndexStmt:
			if s := n.IndexStmt; s.Concurrent && isPartitioned(p, s.Relation) {
				p.Reportf(0, "PostgreSQL refuses to build an index on all partitions of %s CONCURRENTLY; create it ON ONLY %s, CONCURRENTLY on each partition, then ATTACH PARTITION", tableName(s.Relation), written(s.Relation))
			}
		case *pg.Node_DropStmt:
			if s := n.DropStmt; s.Concurrent && dropsPartitionedIndex(p) {
				p.Reportf(0, "PostgreSQL refuses to drop the index of a partitioned table CONCURRENTLY; use DROP INDEX with a short lock_timeout")
			}
		}
	},
}

func dropsPartitionedIndex(p *lint.Pass) bool {
	if e := p.Effect(); e != nil {
		return e.Err != nil && strings.HasPrefix(e.Err.Message, "cannot drop partitioned index")
	}
	for _, name := range droppedNames(p.Statement) {
		if table := p.Object(name).Table(); table != nil && isPartitioned(p, table.Name(p).Relation()) {
			return true
		}
	}
	return false
}
