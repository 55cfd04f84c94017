package rules

import (
	"slices"
	"sort"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var lockHeldDuringWork = &lint.Rule{
	ID: "lock-held-during-work", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Changed | facts.Filled | facts.Updated | facts.Deleted | facts.Emptied,
	Title: "Long work is done while a table is locked by an earlier statement",
	Why: "Locks are held until the transaction ends. An `ALTER TABLE` takes a moment, but an `UPDATE` that fills the new column behind it in the same transaction keeps the table locked, for readers too, until every row is written. " +
		"So does a `VALIDATE CONSTRAINT` of another constraint, a materialized view that is filled, or one that is refreshed, until everything is read. " +
		"Tools that run a migration (or all pending ones) in one transaction make this easy to miss.",
	Fix: "Change the table in one migration, and move the rows in another, in batches that commit on their own:\n\n" +
		"```sql\nUPDATE orders SET state = 'open' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 10000);\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		until, way := longWork(p)
		if until == "" {
			return
		}
		locked := lockedAndThere(p)
		if locked == "" || writtenUnderLock(p) {
			return
		}
		f := p.Reportf(0, "%s stays locked until %s, because an earlier statement of the transaction locked it; %s", unqualified(locked), until, way)
		p.Measured(f, "%s", p.Effect())
	},
}

// lockedAndThere names the table that an earlier statement of the transaction locked last and
// that none has dropped since: of one that is gone, its own rule tells.
func lockedAndThere(p *lint.Pass) string {
	last := p.LastLocked()
	table := facts.Name{Kind: facts.Table, Name: last}
	if schema, name, qualified := strings.Cut(last, "."); qualified {
		table.Schema, table.Name = schema, name
	}
	if !isDroppedAbove(p, table) {
		return last
	}
	for _, n := range slices.Backward(p.Locked()) {
		if !isDroppedAbove(p, n) {
			return n.String()
		}
	}
	return ""
}

func isDroppedAbove(p *lint.Pass, n facts.Name) bool {
	gone := p.Gone(n)
	return gone != nil && gone.Verb&facts.Dropped != 0
}

// longWork says how long a statement works on rows that were there before the
// review, in words that fit behind "until", and how to move that elsewhere; ""
// for other statements, and for those whose own rule tells of the lock.
func longWork(p *lint.Pass) (until, way string) {
	if table := bulkTable(p.Node()); table != nil {
		if p.IsNew(table) || facts.IsTemporary(table) || changesNothing(p) {
			return "", ""
		}
		return "the rows of " + tableName(table) + " are written", "move the rows in a later " + laterUnit(p) + ", in batches"
	}
	if s := p.Node().GetCreateTableAsStmt(); s.GetObjtype() == pg.ObjectType_OBJECT_MATVIEW && !s.Into.GetSkipData() {
		if table := sourceInUse(p, s.Query); table != nil {
			return "the query of " + tableName(s.Into.GetRel()) + " has read " + tableName(table), "create it WITH NO DATA and REFRESH it in a later " + laterUnit(p)
		}
	}
	if r := p.Node().GetRefreshMatViewStmt(); r != nil && !r.SkipData && !p.IsNew(r.Relation) {
		return "the query of " + tableName(r.Relation) + " is done", "REFRESH it in a later " + laterUnit(p)
	}
	if written := writtenByCode(p, p.Statement); len(written) > 0 {
		return "the code has written the rows of " + written[0].String(), "move that into a later " + laterUnit(p) + ", in batches that commit on their own"
	}
	if read := readByCode(p); read != "" {
		return "the code has read " + unqualified(read), "move it into a later " + laterUnit(p)
	}
	for _, c := range alterCommands(p.Statement) {
		if c.Subtype == pg.AlterTableType_AT_ValidateConstraint && !p.IsNew(c.table) && !sawNoWork(p) && !addedInTransaction(p, c) {
			return "constraint " + c.Name + " has read " + tableName(c.table), "VALIDATE it in a later " + laterUnit(p)
		}
	}
	return "", ""
}

// changesNothing tells whether an UPDATE looks for rows that there are none of.
func changesNothing(p *lint.Pass) bool {
	changes := rowChanges(p)
	return p.Node().GetUpdateStmt() != nil && len(changes) > 0 && !slices.ContainsFunc(changes, func(c rowChange) bool {
		_, why := c.matchesNothing(p)
		return why == ""
	})
}

// readByCode returns a table that code read in full without a lock of its own
// that others wait for; "" for statements whose text tells what they do.
func readByCode(p *lint.Pass) string {
	if !isOpaque(p.Statement) || !p.Tried() {
		return ""
	}
	scanned := p.Effect().Scanned
	if len(scanned) == 0 || slices.ContainsFunc(scanned, func(name string) bool { return p.Effect().LockOn(name).BlocksWrites() }) {
		return ""
	}
	return scanned[0]
}

// addedInTransaction tells whether the transaction also adds the constraint
// that a command validates, of which not-valid-validated-together tells.
func addedInTransaction(p *lint.Pass, c alterCommand) bool {
	made := p.ObjectAfter(facts.PartOf(facts.Constraint, c.table, c.Name)).Made()
	return made != nil && (made.Statement == p.Statement || made.IsInTransaction(p))
}

// bulkWrites are the places of the statements that write an unknown number of rows of
// a table in use, those of each table by its name with its schema, and all under none.
type bulkWrites map[facts.Name][]int

func bulkWritesOf(p *lint.Pass) bulkWrites {
	all := bulkWrites{}
	for place, s := range p.Statements() {
		for _, name := range bulkNames(p, s) {
			if p.InUseAt(place, s, name) {
				name, every := p.Qualified(name), facts.Name{}
				all[every], all[name] = append(all[every], place), append(all[name], place)
			}
		}
	}
	return all
}

// writtenUnderLock tells whether the transaction wrote rows in bulk before, while a
// table was locked: that is told, and what follows goes with it, but for the rows of
// another table.
func writtenUnderLock(p *lint.Pass) bool {
	name := facts.Name{}
	if names := bulkNames(p, p.Statement); len(names) > 0 {
		name = p.Qualified(names[0])
	}
	all := lint.Remember(p, func() bulkWrites { return bulkWritesOf(p) })[name]
	behind := sort.SearchInts(all, p.LockedSince()+1)
	return behind < len(all) && all[behind] < p.Place()
}

// bulkNames names the tables in which a statement changes an unknown number of rows, by its
// text or in code.
func bulkNames(p *lint.Pass, s *lint.Statement) []facts.Name {
	if table := bulkTable(s.Node); table != nil {
		return []facts.Name{facts.Named(facts.Table, table)}
	}
	return writtenByCode(p, s)
}

// writtenByCode names the tables that existed, and of which code was seen to change all rows,
// or some by a command that does not say how many: an EXECUTE in a DO block, a function. Where
// a trial has one row, all of them say nothing.
func writtenByCode(p *lint.Pass, s *lint.Statement) (names []facts.Name) {
	e := p.EffectOf(s)
	if e == nil || e.Err != nil || !isOpaque(s) || bulkTable(s.Node) != nil {
		return nil
	}
	for _, w := range e.Wrote {
		name := facts.Identity(facts.Table, w.Table)
		if name.Schema == p.HomeSchema() {
			name.Schema = ""
		}
		if w.Had > 1 && max(w.Updated, w.Deleted) >= w.Had || changesSome(p, s, name) {
			names = append(names, name)
		}
	}
	return names
}

// changesSome tells whether the text of a block has an unknown number of rows of a table
// changed.
func changesSome(p *lint.Pass, s *lint.Statement, table facts.Name) bool {
	for c := range writtenCommands(s) {
		if slices.ContainsFunc(c.Statements, func(s *lint.Statement) bool {
			changed := bulkTable(s.Node)
			return changed != nil && p.Same(table, facts.Named(facts.Table, changed))
		}) {
			return true
		}
	}
	return false
}

// bulkTable returns the table in which a statement changes an unknown number
// of rows; nil for all other statements.
func bulkTable(n *pg.Node) *pg.RangeVar {
	switch n := n.GetNode().(type) {
	case *pg.Node_UpdateStmt:
		if !picksOne(n.UpdateStmt.WhereClause) && !isCatalog(n.UpdateStmt.Relation) {
			return n.UpdateStmt.Relation
		}
	case *pg.Node_DeleteStmt:
		if !picksOne(n.DeleteStmt.WhereClause) && !isCatalog(n.DeleteStmt.Relation) {
			return n.DeleteStmt.Relation
		}
	case *pg.Node_MergeStmt:
		return n.MergeStmt.Relation
	case *pg.Node_InsertStmt:
		if len(n.InsertStmt.GetSelectStmt().GetSelectStmt().GetFromClause()) > 0 {
			return n.InsertStmt.Relation
		}
	}
	return nil
}
