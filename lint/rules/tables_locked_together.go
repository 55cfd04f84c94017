package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tablesLockedTogether = &lint.Rule{
	ID: "tables-locked-together", Group: lint.GroupTx, Severity: lint.Notice,
	On:    facts.Locked | facts.Dropped,
	Title: "One transaction locks several tables that are in use",
	Why: "Each lock is held until the transaction ends, and each one is waited for while the others are held: the more tables, the longer the first of them is out of use. " +
		"Code that uses the same tables in another order can meet the migration in a deadlock, of which PostgreSQL ends one (`40P01`): the migration, or a user's request.\n\n" +
		"Told at the third table where long work follows in the transaction, or where it locks a fourth; the two tables of a foreign key are no case of it, nor are tables that the review drops.\n\n" +
		"https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
	Fix: "Give each table a migration and so a transaction of its own, with a short `lock_timeout`, so that it gives up and can be repeated instead of making everybody wait:\n\n```sql\nSET LOCAL lock_timeout = '2s';\n```",
	Check: func(p *lint.Pass) {
		own := p.LocksMore(0)
		own = kept(p, own, len(own))
		if len(own) == 0 {
			return
		}
		before := kept(p, p.Locked(), manyTables)
		if p.Migration.Tx == lint.TxNone && !p.InTransaction() || len(before) >= manyTables {
			return // or told at an earlier statement
		}
		if len(before) == 0 && locksForKeys(p) {
			return
		}
		if len(before)+len(own) < manyTables {
			return
		}
		var names []string
		all := p.LocksMore(len(restOfTransaction(p)) - 1)
		for _, n := range slices.Concat(before, kept(p, all, len(all))) {
			names = append(names, tableName(n.Relation()))
		}
		if len(names) == manyTables && !worksLater(p) {
			return
		}
		f := p.Reportf(0, "this transaction locks %s one after the other and keeps them until it ends, which makes code wait and can deadlock with it; give each table a %s of its own", listed(names), laterUnit(p))
		p.UnderLock(f, lint.Work{OfTransaction: true})
	},
}

// kept leaves out tables that the review drops, as nobody is to use them afterwards. It
// returns no more than most of the others, which a transaction may have thousands of.
func kept(p *lint.Pass, tables []facts.Name, most int) (others []facts.Name) {
	for _, n := range tables {
		if len(others) == most {
			break
		}
		if !goesInReview(p, n) {
			others = append(others, n)
		}
	}
	return others
}

// goesInReview tells whether the review drops a table, above or below.
func goesInReview(p *lint.Pass, n facts.Name) bool {
	if gone := p.Gone(n); gone != nil && gone.Verb&facts.Dropped != 0 {
		return true
	}
	table := p.Object(n)
	for e := range table.Reviewed(p) {
		if e.Verb&facts.Dropped != 0 && e.Object.Is(table) {
			return true
		}
	}
	return false
}

// worksLater tells whether the statement, or a later one of its transaction, takes long: while
// it reads, rewrites or fills a table that was there before.
func worksLater(p *lint.Pass) bool {
	if takesLongOnRows(p, p.Place(), p.Statement) {
		return true
	}
	rest, place := restOfTransaction(p), p.Place()
	for s := range p.Later() {
		if place++; endsTransaction(s) || !rest[s] && p.Migration.Tx != lint.TxAllPending {
			return false
		}
		if takesLongOnRows(p, place, s) {
			return true
		}
	}
	return false
}

func takesLongOnRows(p *lint.Pass, place int, s *lint.Statement) bool {
	if table := bulkTable(s.Node); table != nil && p.InUseAt(place, s, facts.Named(facts.Table, table)) {
		return true
	}
	if e := p.EffectOf(s); e != nil && e.Err == nil {
		return len(e.Scanned)+len(e.Rewritten) > 0
	}
	return s.Node.GetIndexStmt() != nil || slices.ContainsFunc(tableCommands(s), takesLong)
}

// takesLong tells whether an action of ALTER TABLE reads or rewrites the rows that are there, as
// far as its tree tells.
func takesLong(c *pg.AlterTableCmd) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_SetNotNull, pg.AlterTableType_AT_AlterColumnType, pg.AlterTableType_AT_ValidateConstraint:
		return true
	case pg.AlterTableType_AT_AddConstraint:
		con := c.GetDef().GetConstraint()
		return !con.GetSkipValidation() && con.GetIndexname() == ""
	}
	return false
}

// locksForKeys tells whether a statement names one table, and locks the others for the foreign
// keys that it drops: drop-locks-referenced tells of those.
func locksForKeys(p *lint.Pass) bool {
	return p.Node().GetAlterTableStmt() != nil || p.Node().GetDropStmt().GetRemoveType() == pg.ObjectType_OBJECT_TABLE && len(p.Node().GetDropStmt().GetObjects()) == 1
}
