package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// isPartitioned tells whether a table has partitions, from the catalog or from
// the statement of the history that made it.
func isPartitioned(p *lint.Pass, r *pg.RangeVar) bool {
	t := p.Table(r)
	return t != nil && t.Kind == lint.PartitionedTable
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

// missingFromKey returns the columns that partitions are made by, as partitionKey
// has them, and that a unique key leaves out.
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
