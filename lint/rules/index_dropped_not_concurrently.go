package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var indexDroppedNotConcurrently = &lint.Rule{
	ID: "index-dropped-not-concurrently", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Dropped,
	Title: "An index is dropped while its table is locked",
	Why: "`DROP INDEX` takes `ACCESS EXCLUSIVE` on the table. Dropping is quick, but it waits for every query on the table, everybody else waits behind it, and the lock stays until the transaction ends. `CONCURRENTLY` lets reads and writes go on; it cannot run in a transaction.\n\n" +
		"Not told where another statement of the transaction keeps readers from the same table anyway, as `ADD COLUMN` does.\n\n" +
		"https://www.postgresql.org/docs/current/sql-dropindex.html",
	Fix: "Outside of any transaction:\n\n```sql\nDROP INDEX CONCURRENTLY orders_customer_id_idx;\n```\n\nWhere that is not possible, set a short `lock_timeout`.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetDropStmt()
		if s.GetConcurrent() {
			return
		}
		for _, r := range removals(p, "index") {
			if s == nil || isNewObject(p, r.Name) || p.Tried() && !locksOldTable(p.Effect()) || onNewTable(p, r) || constraintWithIndex(p, r.Name) != nil || locksItsTableAnyway(p, r) {
				continue
			}
			f := p.Reportf(r.location, "dropping index %s waits for every query on its table, and all others wait behind it; use DROP INDEX CONCURRENTLY outside of a transaction", r)
			p.TellInSeries(f, "waits", r.String())
			p.Measured(f, "%s", p.Effect())
			if !p.InTransaction() && len(s.Objects) == 1 && s.Behavior != pg.DropBehavior_DROP_CASCADE {
				offerBehind(p, f, "CONCURRENTLY", pg.Token_INDEX)
			}
		}
	},
}

// locksOldTable tells whether a statement kept readers from a table that
// existed before.
func locksOldTable(e *lint.Effect) bool {
	for _, l := range e.Locks {
		if !l.Index && l.Mode.BlocksReads() {
			return true
		}
	}
	return false
}

// onNewTable tells whether the index that goes stood on a table that the
// migrations under review made, as far as the history says where it stood.
func onNewTable(p *lint.Pass, r removal) bool {
	table := p.Object(r.Name).Table()
	name := table.Name(p)
	return table != nil && (name.Schema == "pg_temp" || p.IsNew(name.Relation()))
}

// locksItsTableAnyway tells whether another statement of the transaction keeps readers from
// the table of the index as well, or drops it: the same lock is there anyway.
func locksItsTableAnyway(p *lint.Pass, r removal) bool {
	if !p.InTransaction() {
		return false
	}
	table := p.Object(r.Name).Table()
	rest := restOfTransaction(p)
	for e := range table.Here(p) {
		if e.Statement != p.Statement && rest[e.Statement] && (e.Object.Is(table) && e.Verb&facts.Dropped != 0 || locksReadersOf(p, e)) {
			return true
		}
	}
	return table != nil && readersLocked(p, table.Name(p).Relation())
}
