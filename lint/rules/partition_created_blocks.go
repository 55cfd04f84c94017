package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var partitionCreatedBlocks = &lint.Rule{
	ID: "partition-created-blocks", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Attached,
	Title: "A partition is created inside a table that is in use",
	Why: "`CREATE TABLE … PARTITION OF` takes `ACCESS EXCLUSIVE` on the partitioned table: it waits for every query on it, and everybody else waits behind it. `ATTACH PARTITION` only takes `SHARE UPDATE EXCLUSIVE`, which nobody notices. " +
		"With a default partition both also read that one in full, which `constraint-scans` tells.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
	Fix: "```sql\nCREATE TABLE events_2027 (LIKE events INCLUDING DEFAULTS INCLUDING CONSTRAINTS);\n" +
		"ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateStmt()
		if s.GetPartbound() == nil {
			return
		}
		for _, parent := range rangeVars(s.InhRelations) {
			if p.IsNew(parent) || p.Tried() && !p.Effect().LockOn(catalogName(p, parent)).BlocksReads() {
				continue
			}
			f := p.Reportf(s.Relation.GetLocation(), "making %s a partition at once waits for every query on %s, and all others wait behind it; create it alone, then ATTACH PARTITION", tableName(s.Relation), tableName(parent))
			p.Measured(f, "%s", p.Effect())
		}
	},
}
