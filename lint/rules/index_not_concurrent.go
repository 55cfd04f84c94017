package rules

import (
	"cmp"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var indexNotConcurrent = &lint.Rule{
	ID: "index-not-concurrent", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Made | facts.Rebuilt,
	Title: "An index is built while writes to its table wait",
	Why: "`CREATE INDEX` holds a `SHARE` lock on the table until the transaction ends: reads go on, every `INSERT`, `UPDATE` and `DELETE` waits for as long as the build takes, which grows with the table. " +
		"When an earlier statement of the transaction has locked the table against readers, as `ALTER TABLE … ADD COLUMN` does, they wait for the index as well. " +
		"`REINDEX` also holds `ACCESS EXCLUSIVE` on the index, so that even planning a `SELECT` on the table waits.\n\n" +
		"`CONCURRENTLY` builds without blocking writes, but cannot run in a transaction. A partitioned table cannot be indexed concurrently as a whole.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
	Fix: "Outside of any transaction:\n\n```sql\nCREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n```\n\n" +
		"When the tool runs every migration in a transaction and has no way out of it (Drizzle, but for a `COMMIT` at a statement breakpoint), create the index by hand before the deploy and keep `CREATE INDEX IF NOT EXISTS` in the migration: it then finds the index and does nothing.\n\n" +
		"For a partitioned table:\n\n```sql\nCREATE INDEX measurements_at_idx ON ONLY measurements (at);\n" +
		"CREATE INDEX CONCURRENTLY measurements_2024_at_idx ON measurements_2024 (at); -- each partition\n" +
		"ALTER INDEX measurements_at_idx ATTACH PARTITION measurements_2024_at_idx;\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_IndexStmt:
			checkIndex(p, n.IndexStmt)
		case *pg.Node_ReindexStmt:
			checkReindex(p, n.ReindexStmt)
		}
		checkBlockIndexes(p)
	},
}

// checkBlockIndexes tells of indexes that code builds, which cannot do it
// concurrently.
func checkBlockIndexes(p *lint.Pass) {
	for _, ix := range builtByCode(p) {
		f := p.Reportf(0, "building index %s on %s makes writes to it wait until the index is done; build it CONCURRENTLY, in a statement of its own outside of a transaction",
			ix.name, unqualified(p, ix.table.QName()))
		p.TellInSeries(f, "in code", ix.name+" on "+unqualified(p, ix.table.QName()))
		p.Measured(f, "%s", p.Effect())
	}
}

func checkIndex(p *lint.Pass, s *pg.IndexStmt) {
	if s.Concurrent || facts.IsTemporary(s.Relation) || p.IsNew(s.Relation) || sawNoWork(p) {
		return
	}
	way := "build it CONCURRENTLY, outside of a transaction"
	switch {
	case isPartitioned(p, s.Relation):
		if !s.Relation.GetInh() || s.Unique && len(missingFromKey(partitionKey(p, s.Relation), indexColumns(s))) > 0 {
			return
		}
		way = "create it ON ONLY the parent, CONCURRENTLY on each partition, then ATTACH PARTITION"
	case p.InTransaction():
		way += "; here " + p.Transaction() + ": " + outsideTransaction(p)
	}
	others := othersHeld(p, ", and nobody can read or write ", s.Relation)
	waits := "makes writes to it wait" + enclosed(others)
	if readersLocked(p, s.Relation) {
		waits = "makes reads and writes wait, because an earlier statement of the transaction locked it" + others + ","
	}
	f := p.Reportf(0, "building index %son %s %s until the index is done; %s", withSpace(s.Idxname), tableName(s.Relation), waits, way)
	p.TellInSeries(f, waits+way, cmp.Or(s.Idxname, "one")+" on "+tableName(s.Relation))
	p.Measured(f, "%s", p.Effect())
	if readersLocked(p, s.Relation) {
		p.UnderLock(f, lint.Work{Kind: lint.WorkBuild, Table: s.Relation, What: "index " + cmp.Or(s.Idxname, "on "+tableName(s.Relation))})
	}
	if s.Idxname != "" && !p.InTransaction() && !isPartitioned(p, s.Relation) {
		offerBehind(p, f, "CONCURRENTLY", pg.Token_INDEX)
	}
}

func withSpace(name string) string {
	if name == "" {
		return ""
	}
	return name + " "
}

func checkReindex(p *lint.Pass, s *pg.ReindexStmt) {
	if facts.HasOption(s.Params, "concurrently") || sawNoWork(p) || s.Kind == pg.ReindexObjectType_REINDEX_OBJECT_SYSTEM {
		return
	}
	what := s.Name
	if s.Relation != nil {
		what = tableName(s.Relation)
		if p.IsNew(s.Relation) || facts.IsTemporary(s.Relation) {
			return
		}
	}
	f := p.Reportf(0, "REINDEX of %s blocks writes, and reads that could use the index, until it is done; use REINDEX … CONCURRENTLY outside of a transaction", what)
	p.Measured(f, "%s", p.Effect())
	if !p.InTransaction() {
		offerBehind(p, f, "CONCURRENTLY", pg.Token_TABLE, pg.Token_INDEX, pg.Token_SCHEMA, pg.Token_DATABASE)
	}
}
