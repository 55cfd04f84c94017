package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var partitionedKeyIncomplete = &lint.Rule{
	ID: "partitioned-key-incomplete", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Made,
	Title: "A unique key of a partitioned table leaves out the partition key",
	Why: "Each partition has an index of its own, and none looks into the others. So PostgreSQL takes a primary key, a `UNIQUE` constraint or a unique index of a partitioned table only when it includes every column of the partition key, and none when that has an expression (`0A000`).\n\n" +
		"https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS",
	Fix:      "Add the columns of the partition key: `PRIMARY KEY (id, at)`. When `id` alone has to be unique, let its generation see to that (an identity column, a UUID), or partition by `HASH (id)`.",
	Explains: []string{"0A000"},
	Check: func(p *lint.Pass) {
		if p.Tried() {
			return
		}
		for _, key := range uniqueKeys(p) {
			if missing := missingFromKey(partitionKey(p, key.table), key.columns); len(missing) > 0 {
				p.Reportf(key.location, "PostgreSQL refuses a unique key on %s without %s, which the partitions are made by; add it to the key", tableName(key.table), listed(missing))
			}
		}
	},
}

// A uniqueKey is a primary key, UNIQUE constraint or unique index that a
// statement adds.
type uniqueKey struct {
	table    *pg.RangeVar
	columns  []string
	location int32
}

func uniqueKeys(p *lint.Pass) []uniqueKey {
	if s := p.Node().GetIndexStmt(); s.GetUnique() {
		return []uniqueKey{{s.Relation, indexColumns(s), 0}}
	}
	var keys []uniqueKey
	for _, c := range constraintsMade(p.Statement) {
		if c.kind.IsUnique() && len(c.columns) > 0 {
			keys = append(keys, uniqueKey{c.table, c.columns, c.location})
		}
	}
	return keys
}
