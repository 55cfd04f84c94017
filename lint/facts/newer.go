package facts

import pg "github.com/pganalyze/pg_query_go/v5"

// VirtualColumn is what ColumnDef.Generated holds of a column that is computed when it is
// read, as pg_attribute.attgenerated does. PostgreSQL 16 has none of them.
const VirtualColumn = "v"

// Actions of ALTER TABLE that PostgreSQL 16 has no number for; no parser makes them, but
// [github.com/migvet/migvet/lint/newer] does.
const (
	AlterSetExpression   pg.AlterTableType = 1000 + iota // Name is the column, Def the expression
	AlterSplitPartition                                  // Def is the partition, a RangeVar
	AlterMergePartitions                                 // Def is the partition that is made, a RangeVar
)
