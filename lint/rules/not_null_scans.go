package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

var notNullScans = &lint.Rule{
	ID: "not-null-scans", Group: lint.GroupNotNull, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "SET NOT NULL reads the whole table while nobody can use it",
	Why: "`SET NOT NULL` takes `ACCESS EXCLUSIVE` and then looks at every row, so that reads and writes wait for as long as that takes; one NULL is enough for it to fail (SQLSTATE 23502). " +
		"PostgreSQL skips the reading when a `CHECK (column IS NOT NULL)` that is validated already proves it, but not when the same `ALTER TABLE` drops that check: then the rows are read after all. " +
		"A primary key made from a unique index over nullable columns does the same.\n\n" +
		"Behind an `UPDATE` that fills the column under the same lock, `lock-held-during-work` tells of both.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
	Fix: "PostgreSQL 12 to 17, each statement in its own transaction:\n\n" +
		"```sql\nALTER TABLE tasks ADD CONSTRAINT tasks_owner_not_null CHECK (owner IS NOT NULL) NOT VALID;\nALTER TABLE tasks VALIDATE CONSTRAINT tasks_owner_not_null; -- reads the table, lets others read and write\nALTER TABLE tasks ALTER COLUMN owner SET NOT NULL;          -- reads nothing\nALTER TABLE tasks DROP CONSTRAINT tasks_owner_not_null;\n```\n\n" +
		"PostgreSQL 18:\n\n" +
		"```sql\nALTER TABLE tasks ADD CONSTRAINT tasks_owner_not_null NOT NULL owner NOT VALID;\nALTER TABLE tasks VALIDATE CONSTRAINT tasks_owner_not_null;\n```",
	Explains: []string{"23502"},
	Scales:   true,
	Check: func(p *lint.Pass) {
		for _, c := range alterCommands(p.Statement) {
			switch {
			case p.IsNew(c.table):
			case c.Subtype == pg.AlterTableType_AT_SetNotNull:
				checkSetNotNull(p, c)
			case c.Subtype == pg.AlterTableType_AT_AddConstraint:
				checkPromotedIndex(p, c)
				checkAddedNotNull(p, c)
			}
		}
	},
}

func checkSetNotNull(p *lint.Pass, c alterCommand) {
	if !scansForNulls(p, c) {
		return
	}
	if isLeftNull(p, c) {
		p.Reportf(c.location, "SET NOT NULL on %s.%s fails as soon as %s has a row, since nothing fills the new column; backfill it first, in batches, then SET NOT NULL in a later %s", tableName(c.table), c.Name, tableName(c.table), laterUnit(p))
		return
	}
	way := notNullWay(p, c)
	if droppedProof(p, c) {
		way = "drop the CHECK that proves it in a statement of its own"
	}
	f := p.Reportf(c.location, "SET NOT NULL on %s.%s reads all of %s while nobody can read or write it%s%s; %s", tableName(c.table), c.Name, tableName(c.table), othersHeld(p, " or ", c.table), failsOnNull(p, c), way)
	p.TellInSeries(f, fmt.Sprint(droppedProof(p, c))+othersHeld(p, " or ", c.table)+failsOnNull(p, c), tableName(c.table)+"."+c.Name)
	p.UnderLock(f, lint.Work{Kind: lint.WorkRead, Table: c.table, What: "SET NOT NULL on " + tableName(c.table) + "." + c.Name})
	if p.Tried() {
		p.Measured(f, "%s", p.Effect())
	}
}

// notNullWay is how the rows are looked at while others use the table.
func notNullWay(p *lint.Pass, c alterCommand) string {
	if p.Postgres() >= newer.NotNullConstraint.Since() {
		name := lint.QuoteIdentifier(c.table.GetRelname() + "_" + c.Name + "_not_null")
		return "ADD CONSTRAINT " + name + " NOT NULL " + lint.QuoteIdentifier(c.Name) + " NOT VALID, then VALIDATE CONSTRAINT " + name + " in a later " + laterUnit(p)
	}
	return "add CHECK (" + lint.QuoteIdentifier(c.Name) + " IS NOT NULL) NOT VALID and VALIDATE it first"
}

// checkAddedNotNull is about ADD CONSTRAINT … NOT NULL, which does what SET NOT NULL
// does unless it is NOT VALID.
func checkAddedNotNull(p *lint.Pass, c alterCommand) {
	con := c.GetDef().GetConstraint()
	if con.GetContype() != pg.ConstrType_CONSTR_NOTNULL || con.SkipValidation || len(con.Keys) == 0 {
		return
	}
	named := c
	named.AlterTableCmd = &pg.AlterTableCmd{Name: facts.LastWord(con.Keys)}
	if !scansForNulls(p, named) {
		return
	}
	f := p.Reportf(c.location, "adding NOT NULL to %s.%s reads all of %s while nobody can read or write it%s%s; add it NOT VALID, then VALIDATE CONSTRAINT in a later %s",
		tableName(c.table), named.Name, tableName(c.table), othersHeld(p, " or ", c.table), failsOnNull(p, named), laterUnit(p))
	p.TellInSeries(f, "adding"+othersHeld(p, " or ", c.table)+failsOnNull(p, named), tableName(c.table)+"."+named.Name)
	p.UnderLock(f, lint.Work{Kind: lint.WorkRead, Table: c.table, What: "NOT NULL on " + tableName(c.table) + "." + named.Name})
	if p.Tried() {
		p.Measured(f, "%s", p.Effect())
	}
}

func scansForNulls(p *lint.Pass, c alterCommand) bool {
	t := p.Table(c.table)
	if known := t.Column(c.Name); known != nil && known.NotNull {
		return false
	}
	if isEmptied(p, c.table) || addedHere(p, c.Name) || filledUnderLock(p, c) || (hasNullProof(c, t) && !droppedProof(p, c)) {
		return false
	}
	if e := p.Effect(); p.Tried() && e.Incomplete == "" {
		return sawScan(p, c.table)
	}
	return true
}

// failsOnNull says that a NULL is refused, but of a column that the server took behind an
// UPDATE or a DELETE that leaves none in it: what the trial found in spite of them is evidence.
func failsOnNull(p *lint.Pass, c alterCommand) string {
	return onlyIf(!p.Tried() || lastClearing(p, c) == nil, ", and fails on the first NULL")
}

// lastClearing returns the last statement of the review that puts values in place of the
// NULLs of a column, or deletes the rows; nil when there is none.
func lastClearing(p *lint.Pass, c alterCommand) *lint.Event {
	for e := range p.Relation(c.table).Before(p) {
		if !e.New {
			return nil
		}
		switch s := e.Tree.(type) {
		case *pg.UpdateStmt:
			if slices.Contains(targetColumns(s.TargetList), c.Name) && !picksOne(s.WhereClause) {
				return &e
			}
		case *pg.DeleteStmt:
			if asksForNull(s.WhereClause, c.Name) {
				return &e
			}
		}
	}
	return nil
}

func asksForNull(where *pg.Node, column string) bool {
	found := false
	facts.Walk(where, func(n *pg.Node) bool {
		test := n.GetNullTest()
		found = found || test.GetNulltesttype() == pg.NullTestType_IS_NULL && facts.LastWord(test.GetArg().GetColumnRef().GetFields()) == column
		return !found
	})
	return found
}

// filledUnderLock tells whether the transaction filled the column for all rows while it held
// the table: lock-held-during-work tells of that, and the check takes a part of the time.
func filledUnderLock(p *lint.Pass, c alterCommand) bool {
	filled := lastClearing(p, c)
	return filled.IsInTransaction(p) && wasLockedBefore(p, c.table, filled)
}

// wasLockedBefore tells whether the transaction kept readers from a table before an event.
func wasLockedBefore(p *lint.Pass, table *pg.RangeVar, event *lint.Event) bool {
	for e := range p.Relation(table).Before(p) {
		if e.IsInTransaction(p) && event.IsBehind(&e) && locksReadersOf(p, e) {
			return true
		}
	}
	return false
}

// isLeftNull tells whether the review adds the column and gives no row a value in it, as far
// as a text tells.
func isLeftNull(p *lint.Pass, c alterCommand) bool {
	if !columnIsNew(p, c.table, c.Name) || p.Tried() || p.Folded(c.table).Column(c.Name).IsFilled() || lastClearing(p, c) != nil {
		return false
	}
	for e := range p.Relation(c.table).Before(p) {
		if e.New && e.Verb&(facts.Filled|facts.Updated) != 0 {
			return false
		}
	}
	return len(p.Opaque()) == 0
}

// sawScan tells whether the table, or a partition of it, was read for nothing
// but the check; a rewrite reads it anyway.
func sawScan(p *lint.Pass, table *pg.RangeVar) bool {
	e, name := p.Effect(), catalogName(p, table)
	if t := p.Catalog(table); t != nil && t.Kind == lint.PartitionedTable {
		return len(e.Scanned) > 0 && len(e.Rewritten) == 0
	}
	return e.DidScan(name) && !e.DidRewrite(name)
}

// addedHere tells whether the statement adds the column, of which
// not-null-fails tells.
func addedHere(p *lint.Pass, name string) bool {
	return slices.ContainsFunc(columns(p), func(c column) bool { return c.form == columnAdded && c.name == name })
}

func hasNullProof(c alterCommand, t *lint.Table) bool {
	return t != nil && slices.ContainsFunc(t.Constraints, func(con lint.Constraint) bool { return con.ProvesNotNull(c.Name) })
}

// droppedProof tells whether the same statement drops the check that would
// prove it.
func droppedProof(p *lint.Pass, c alterCommand) bool {
	for _, cmd := range alterCommands(p.Statement) {
		if cmd.Subtype != pg.AlterTableType_AT_DropConstraint {
			continue
		}
		if con := p.Table(c.table).Constraint(cmd.Name); con != nil && con.ProvesNotNull(c.Name) {
			return true
		}
	}
	return false
}

// checkPromotedIndex tells of ADD PRIMARY KEY USING INDEX; only the catalog
// knows whether the columns are nullable.
func checkPromotedIndex(p *lint.Pass, c alterCommand) {
	con := c.GetDef().GetConstraint()
	t := p.Catalog(c.table)
	if con.GetContype() != pg.ConstrType_CONSTR_PRIMARY || con.GetIndexname() == "" || t == nil || !p.Tried() || !sawScan(p, c.table) {
		return
	}
	for _, index := range t.Indexes {
		if index.Name != con.Indexname {
			continue
		}
		for _, name := range index.Columns {
			if known := t.Column(name); known != nil && !known.NotNull {
				f := p.Reportf(c.location, "making %s the primary key sets %s.%s NOT NULL, which reads all of %s while nobody can read or write it; SET NOT NULL first, behind a validated CHECK", con.Indexname, tableName(c.table), name, tableName(c.table))
				p.Measured(f, "%s", p.Effect())
			}
		}
	}
}
