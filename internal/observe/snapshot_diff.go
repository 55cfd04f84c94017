package observe

import (
	"maps"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// compare derives locks, rewrites, scans and lost rows from two snapshots; now
// are the rows of the tables behind the statement.
func (o *Observer) compare(s *lint.Statement, e *lint.Effect, before, after snapshot, now map[int64]int64) {
	if !before.armed || !after.armed {
		o.hidden = true
		markIncomplete(e, "what was created, altered and dropped was not observed: the migrations switched off the event triggers that tell")
	}
	for oid, mode := range after.locks {
		r, existed := o.old[oid]
		if !existed || o.isHistory(r) || mode.Strength() <= before.locks[oid].Strength() {
			continue
		}
		e.Locks = append(e.Locks, lint.Lock{Object: asNamedBefore(r, before).qname(), Mode: mode, Index: r.index(), Child: after.locks[r.Parent] != ""})
	}
	for oid, was := range before.relations {
		is, still := after.relations[oid]
		if !still {
			is, still = after.rebuilt(was)
		}
		if _, existed := o.old[oid]; !existed || !still || o.isHistory(was) {
			continue
		}
		if o.wasRewritten(s, was, is, before, after) {
			e.Rewritten = append(e.Rewritten, was.qname())
		}
		if o.wasScanned(s, was, is, before.locks[oid], after.locks[oid]) {
			e.Scanned = append(e.Scanned, was.qname())
		}
		if n := o.lostRows(was, is, now); n > 0 {
			e.Lost = append(e.Lost, lint.RowLoss{Table: was.qname(), Rows: n, Truncated: o.emptied(was, is)})
		}
	}
	e.Wrote = o.rowsWritten(before, after, now)
	maps.Copy(o.rows, now)
	o.addHeldLocks(e, before, after)
	o.countRebuilt(e, before, after)
	slices.SortFunc(e.Locks, compareLocks)
	slices.SortFunc(e.Held, compareLocks)
	slices.Sort(e.Rewritten)
	slices.Sort(e.Scanned)
	slices.SortFunc(e.Lost, func(a, b lint.RowLoss) int { return strings.Compare(a.Table, b.Table) })
}

// addHeldLocks adds the locks that the statement needs and earlier ones of the
// transaction took: in BEGIN; LOCK TABLE t; ALTER TABLE t … the ALTER takes none.
func (o *Observer) addHeldLocks(e *lint.Effect, before, after snapshot) {
	for oid, mode := range before.locks {
		r, known := before.relations[oid]
		if !known || !o.mentions(r) || mode.Strength() <= lint.RowExclusive.Strength() || e.LockOn(r.qname()) != "" {
			continue
		}
		if e.DidRewrite(r.qname()) || e.DidScan(r.qname()) || after.relations[oid].wrote(r) {
			e.Held = append(e.Held, lint.Lock{Object: r.qname(), Mode: mode, Index: r.index()})
		}
	}
}

// asNamedBefore is the relation under the name it had when the statement began.
func asNamedBefore(r relation, before snapshot) relation {
	if now, ok := before.relations[r.OID]; ok {
		return now
	}
	return r
}

func compareLocks(a, b lint.Lock) int {
	if a.Mode != b.Mode {
		return b.Mode.Strength() - a.Mode.Strength()
	}
	return slices.Compare([]string{a.Object}, []string{b.Object})
}

func (o *Observer) isHistory(r relation) bool { return r.qname() == o.history }

// wasRewritten reports whether a relation has a new file. TRUNCATE gives it one, too,
// and is no rewrite; indexes that were rebuilt with their table do not count.
func (o *Observer) wasRewritten(s *lint.Statement, was, is relation, before, after snapshot) bool {
	if was.File == is.File || was.File == 0 || s.Node.GetTruncateStmt() != nil || o.emptied(was, is) {
		return false
	}
	if was.index() {
		return before.relations[was.Table].File == after.relations[was.Table].File
	}
	return was.storesRows() && (!runsCode(s) || slices.Contains(o.notices.rewritten, was.OID) || !is.Empty)
}

// emptied reports whether a table with rows got a file without any.
func (o *Observer) emptied(was, is relation) bool {
	return was.Kind == "r" && was.File != is.File && is.Empty && o.rows[was.OID] > 0
}

// countRebuilt counts the indexes that were built again with their table.
func (o *Observer) countRebuilt(e *lint.Effect, before, after snapshot) {
	for oid, was := range before.relations {
		table, ok := before.relations[was.Table]
		if !was.index() || !ok || !e.DidRewrite(table.qname()) {
			continue
		}
		is, still := after.relations[oid]
		if !still {
			is, still = after.rebuilt(was)
		}
		if still && is.File != was.File {
			if e.Rebuilt == nil {
				e.Rebuilt = map[string]int{}
			}
			e.Rebuilt[table.qname()]++
		}
	}
}

// wasScanned counts full reads. What DML reads depends on the plan for a tiny
// table and says nothing about a large one. Of code that runs both, only reads
// count under a lock that DML never takes: that was DDL.
func (o *Observer) wasScanned(s *lint.Statement, was, is relation, held, holds lint.LockMode) bool {
	if runsCode(s) {
		weak := holds.Strength() < lint.ShareUpdateExclusive.Strength()
		if weak || holds == held && (readsByPlan(s) || is.wrote(was)) {
			return false
		}
	}
	return was.storesRows() && is.Scans > was.Scans && is.Read-was.Read >= o.rows[was.OID]
}

// readsByPlan reports whether the planner decides how the statement reads. Newer
// forms of it may be unknown to the parser.
func readsByPlan(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case *pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt, *pg.Node_CopyStmt:
		return true
	case nil:
		return plannedStatement.MatchString(s.SQL)
	}
	return false
}

var plannedStatement = lazyregexp.New(`(?i)^(select|insert|update|delete|merge|with|copy)\b`)

// runsCode reports whether the statement may do more than its text says: DO and
// CALL, and queries, which may call functions and fire triggers.
func runsCode(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt, *pg.Node_CopyStmt,
		*pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		return true
	}
	return false
}
