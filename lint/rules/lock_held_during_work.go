package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

var lockHeldDuringWork = &lint.Rule{
	ID: "lock-held-during-work", Group: lint.GroupLock, Severity: lint.Warning,
	Title: "Rows are changed in bulk while a table is locked by an earlier statement",
	Why: "Locks are held until the transaction ends. An `ALTER TABLE` takes a moment, but an `UPDATE` that fills the new column behind it in the same transaction keeps the table locked, for readers too, until every row is written. " +
		"Tools that run a migration (or all pending ones) in one transaction make this easy to miss.",
	Fix: "Change the table in one migration, and move the rows in another, in batches that commit on their own:\n\n" +
		"```sql\nUPDATE orders SET state = 'open' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 10000);\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		table := bulkTable(p.Node())
		if table == nil || p.IsNew(table) || isTemporary(table) {
			return
		}
		earlier := inSameTransaction(p)
		for _, s := range earlier {
			if bulkTable(s.Node) != nil && lockedBefore(p, earlier, s) != "" {
				return // told at the first
			}
		}
		locked := lockedBefore(p, earlier, nil)
		if locked == "" {
			return
		}
		f := p.Reportf(0, "%s stays locked until the rows of %s are written, because an earlier statement of the transaction locked it; move the rows in a later %s, in batches",
			unqualified(locked), tableName(table), laterUnit(p))
		p.Measured(f, "%s", p.Effect())
	},
}

// bulkTable returns the table in which a statement changes an unknown number
// of rows; nil for all other statements.
func bulkTable(n *pg.Node) *pg.RangeVar {
	switch n := n.GetNode().(type) {
	case *pg.Node_UpdateStmt:
		if !picksOne(n.UpdateStmt.WhereClause) {
			return n.UpdateStmt.Relation
		}
	case *pg.Node_DeleteStmt:
		if !picksOne(n.DeleteStmt.WhereClause) {
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

// picksOne tells whether a condition is "id = constant".
func picksOne(where *pg.Node) bool {
	e := where.GetAExpr()
	if e.GetKind() != pg.A_Expr_Kind_AEXPR_OP || lastOf(words(e.GetName())) != "=" {
		return false
	}
	return lastOf(words(e.Lexpr.GetColumnRef().GetFields())) == "id" && (e.Rexpr.GetAConst() != nil || e.Rexpr.GetTypeCast() != nil)
}

// lockedBefore returns a table that statements of the transaction locked
// against writes; with until, only those that ran before it.
func lockedBefore(p *lint.Pass, earlier []*lint.Statement, until *lint.Statement) string {
	begun := until == nil
	for _, s := range earlier {
		if begun {
			if locked := locksTable(p, s); locked != "" {
				return locked
			}
		}
		begun = begun || s == until
	}
	return ""
}

func locksTable(p *lint.Pass, s *lint.Statement) string {
	if s.Effect != nil {
		for _, l := range s.Effect.Locks {
			if !l.Index && l.Mode.BlocksWrites() {
				return l.Object
			}
		}
		return ""
	}
	for _, c := range alterCommands(s) {
		if c.Subtype != pg.AlterTableType_AT_ValidateConstraint && c.Subtype != pg.AlterTableType_AT_SetStatistics && !p.IsNew(c.table) {
			return tableName(c.table)
		}
	}
	return ""
}
