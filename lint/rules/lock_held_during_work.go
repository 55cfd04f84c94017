package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

var lockHeldDuringWork = &lint.Rule{
	ID: "lock-held-during-work", Group: lint.GroupLock, Severity: lint.Warning,
	On:    facts.Changed | facts.Filled | facts.Updated | facts.Deleted | facts.Emptied | facts.Copied | facts.Ran,
	Title: "Long work is done while a table is locked by an earlier statement",
	Why: "Locks are held until the transaction ends. An `ALTER TABLE` takes a moment, but an `UPDATE` that fills the new column behind it in the same transaction keeps the table locked, for readers too, until every row is written. " +
		"So does a copy of its rows into a new table, a `VALIDATE CONSTRAINT` of another constraint, a materialized view that is filled, or one that is refreshed, until everything is read. " +
		"Tools that run a migration (or all pending ones) in one transaction make this easy to miss.\n\n" +
		"It is told once a transaction, at the heaviest statement, which says how many more there are. What other rules say of the same table's lock is told there, too.",
	Fix: "Change the table in one migration, and move the rows in another, in batches that commit on their own:\n\n" +
		"```sql\nUPDATE orders SET state = 'open' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 10000);\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		w := longWork(p)
		if w.goes == "" {
			return
		}
		names, readersWait := lockedNames(p, w.on)
		if len(names) == 0 {
			return
		}
		against, stay, earlier := "", "stays", "an earlier statement locked it"
		if !readersWait {
			against = " against writes"
		}
		if len(names) > 1 {
			stay, earlier = "stay", "earlier statements locked them"
		}
		f := p.Reportf(0, "%s %s locked%s until the transaction ends, because %s, and meanwhile %s; %s", listed(firstOf(names)), stay, against, earlier, w.goes, w.way)
		p.Measured(f, "%s", p.Effect())
		work := lint.Work{Kind: w.kind, What: w.what, OfTransaction: true}
		if w.on != nil && isHeldFromReaders(p, w.on) {
			work.Table = w.on
		}
		p.UnderLock(f, work)
	},
}

// lockedNames names the tables that nobody can read meanwhile, first the one that is worked on;
// where everybody can, those that nobody can write.
func lockedNames(p *lint.Pass, on *pg.RangeVar) (names []string, readersWait bool) {
	held := p.Held()
	readersWait = slices.ContainsFunc(held, lint.HeldTable.BlocksReads)
	for _, h := range held {
		if h.BlocksReads() != readersWait {
			continue
		}
		if name := tableName(h.Name.Relation()); on != nil && p.Same(h.Name, facts.Named(facts.Table, on)) {
			names = slices.Insert(names, 0, name)
		} else {
			names = append(names, name)
		}
	}
	return names, readersWait
}

// A heldWork is long work on rows that were there before the review.
type heldWork struct {
	kind lint.WorkKind
	on   *pg.RangeVar // the table whose rows they are; nil when that is not known
	goes string       // "the rows of orders are written"
	what string       // the same in a list
	way  string       // how to move it elsewhere
}

// longWork returns the long work of a statement; none of those whose own rule tells of the lock.
func longWork(p *lint.Pass) heldWork {
	later := " in a later " + laterUnit(p)
	if w := copyOfLocked(p, p.Node(), later); w.goes != "" {
		return w
	}
	if table := bulkTable(p.Node()); table != nil {
		if p.IsNew(table) || facts.IsTemporary(table) || changesNothing(p) || picksFew(p, table, whereOf(p.Node())) {
			return heldWork{}
		}
		return heldWork{lint.WorkWrite, table, "the rows of " + tableName(table) + " are written", "rows of " + shortName(p, table), "move the rows" + later + ", in batches"}
	}
	if w := queriedForView(p, later); w.goes != "" {
		return w
	}
	if w := workOfCode(p); w.goes != "" {
		return w
	}
	for _, c := range alterCommands(p.Statement) {
		if c.Subtype == pg.AlterTableType_AT_ValidateConstraint && !p.IsNew(c.table) && !sawNoWork(p) && !addedInTransaction(p, c) {
			return heldWork{lint.WorkRead, c.table, "constraint " + c.Name + " reads " + tableName(c.table), "constraint " + c.Name, "VALIDATE it" + later}
		}
	}
	return heldWork{}
}

// queriedForView is the work of statements that fill a materialized view.
func queriedForView(p *lint.Pass, later string) heldWork {
	if s := p.Node().GetCreateTableAsStmt(); s.GetObjtype() == pg.ObjectType_OBJECT_MATVIEW && !s.Into.GetSkipData() {
		if table := sourceInUse(p, s.Query); table != nil {
			query := "query of " + tableName(s.Into.GetRel())
			return heldWork{lint.WorkRead, table, "the " + query + " reads " + tableName(table), query, "create it WITH NO DATA and REFRESH it" + later}
		}
	}
	if r := p.Node().GetRefreshMatViewStmt(); r != nil && !r.SkipData && !p.IsNew(r.Relation) {
		query := "query of " + tableName(r.Relation)
		return heldWork{lint.WorkRead, nil, "the " + query + " is done", query, "REFRESH it" + later}
	}
	return heldWork{}
}

// workOfCode is the work of blocks, functions and triggers.
func workOfCode(p *lint.Pass) heldWork {
	if written := writtenByCode(p, p.Statement); len(written) > 0 {
		rows := "rows of " + written[0].String()
		return heldWork{lint.WorkWrite, written[0].Relation(), "the code writes the " + rows, rows, "move that into a later " + laterUnit(p) + ", in batches that commit on their own"}
	}
	if w := workOfBlock(p); w.goes != "" {
		return w
	}
	if read := readByCode(p); read != "" {
		name := unqualified(p, read)
		return heldWork{lint.WorkRead, facts.Identity(facts.Table, read).Relation(), "the code reads " + name, "code that reads " + name, "move it into a later " + laterUnit(p)}
	}
	return heldWork{}
}

// copyOfLocked is the work of INSERT … SELECT and CREATE TABLE AS that copy rows of a table that
// is locked into a new one.
func copyOfLocked(p *lint.Pass, n *pg.Node, later string) heldWork {
	query, into := n.GetInsertStmt().GetSelectStmt(), n.GetInsertStmt().GetRelation()
	if as := n.GetCreateTableAsStmt(); as != nil && as.Objtype == pg.ObjectType_OBJECT_TABLE && !as.Into.GetSkipData() {
		query, into = as.Query, as.Into.GetRel()
	}
	s := query.GetSelectStmt()
	if s == nil || len(s.FromClause) == 0 || s.LimitCount != nil || n.GetInsertStmt() != nil && !p.IsNew(into) && !facts.IsTemporary(into) {
		return heldWork{}
	}
	from := sourceInUse(p, query)
	if from == nil || isView(p, from) || picksOne(s.WhereClause) || picksFew(p, from, s.WhereClause) || !isHeld(p, from) {
		return heldWork{}
	}
	return heldWork{lint.WorkRead, from, "the rows of " + tableName(from) + " are copied into " + tableName(into), "copy of " + shortName(p, from), "copy them" + later}
}

func isHeld(p *lint.Pass, table *pg.RangeVar) bool {
	return slices.ContainsFunc(p.Held(), func(h lint.HeldTable) bool { return p.Same(h.Name, facts.Named(facts.Table, table)) })
}

// workOfBlock is the work that a DO block does whenever it runs, by its text, where no server
// told anything of it.
func workOfBlock(p *lint.Pass) heldWork {
	if p.Node().GetDoStmt() == nil || p.Effect() != nil {
		return heldWork{}
	}
	for c := range writtenCommands(p.Statement) {
		for _, s := range c.Statements {
			if !c.Always || c.Open || s.Node == nil || strings.Contains(s.SQL, plpgsql.Placeholder) {
				continue
			}
			if w := copyOfLocked(p, s.Node, " in a later "+laterUnit(p)); w.goes != "" {
				return w
			}
			if table := bulkTable(s.Node); table != nil && !p.IsNew(table) && !isTemporaryHere(p, table) && !picksFew(p, table, whereOf(s.Node)) {
				rows := "rows of " + tableName(table)
				return heldWork{lint.WorkWrite, table, "the code writes the " + rows, rows, "move that into a later " + laterUnit(p) + ", in batches that commit on their own"}
			}
		}
	}
	return heldWork{}
}

// whereOf returns the condition of an UPDATE or DELETE; nil for others.
func whereOf(n *pg.Node) *pg.Node {
	if u := n.GetUpdateStmt(); u != nil {
		return u.WhereClause
	}
	return n.GetDeleteStmt().GetWhereClause()
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
	added := addedByCode(p)
	scanned := slices.DeleteFunc(slices.Clone(p.Effect().Scanned), func(name string) bool { return readForConstraint(added, name) })
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
