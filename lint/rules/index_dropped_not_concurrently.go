package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var indexDroppedNotConcurrently = &lint.Rule{
	ID: "index-dropped-not-concurrently", Group: lint.GroupLock, Severity: lint.Notice,
	On:    facts.Dropped,
	Title: "An index is dropped while its table is locked",
	Why: "`DROP INDEX` takes `ACCESS EXCLUSIVE` on the table. Dropping is quick, but it waits for every query on the table, everybody else waits behind it, and the lock stays until the transaction ends. `CONCURRENTLY` lets reads and writes go on; it cannot run in a transaction.\n\n" +
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

// locksItsTableAnyway tells whether a later statement of the transaction drops the
// table of the index, or a column of it: the same lock comes anyway, and would take
// the index along.
func locksItsTableAnyway(p *lint.Pass, r removal) bool {
	if !p.InTransaction() {
		return false
	}
	index := p.Object(r.Name)
	rest := restOfTransaction(p)
	for e := range index.Table().Here(p) {
		if e.Verb&facts.Dropped == 0 || !rest[e.Statement] {
			continue
		}
		if e.Object.Is(index.Table()) || e.Name.Kind == facts.Column && slices.Contains(columnsOfIndex(p, r), e.Name.Name) {
			return true
		}
	}
	return false
}

// columnsOfIndex returns the columns that an index is over, as far as anything tells.
func columnsOfIndex(p *lint.Pass, r removal) []string {
	index := p.Object(r.Name)
	if known := p.Table(index.Table().Name(p).Relation()).Index(r.Name.Name); known != nil {
		return known.Columns
	}
	made := index.Made()
	if made == nil {
		return nil
	}
	tree, _ := made.Tree.(*pg.IndexStmt)
	return facts.IndexedColumns(tree)
}
