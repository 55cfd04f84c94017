package rules

import (
	"slices"

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

// partitionKey returns the columns a table is partitioned by, as the history
// says, "" for expressions; nil when it is not partitioned.
func partitionKey(p *lint.Pass, table *pg.RangeVar) []string {
	create := p.Node().GetCreateStmt() // which a server refused, so that it makes nothing
	if made := p.Relation(table).Made(); create == nil && made != nil {
		create = made.Statement.Node.GetCreateStmt()
	}
	var names []string
	for _, n := range create.GetPartspec().GetPartParams() {
		names = append(names, n.GetPartitionElem().GetName())
	}
	return names
}

func missingFromKey(partition, key []string) []string {
	var missing []string
	for _, name := range partition {
		switch {
		case name == "":
			missing = append(missing, "the expression")
		case !slices.Contains(key, name):
			missing = append(missing, name)
		}
	}
	return missing
}
