package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// stronglyLocked returns the tables that the text of a statement locks in
// SHARE ROW EXCLUSIVE mode or a stronger one.
// https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
func stronglyLocked(s *lint.Statement) []*pg.RangeVar {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_AlterTableStmt:
		if slices.ContainsFunc(tableCommands(s), func(c *pg.AlterTableCmd) bool { return !locksWeakly(c) }) {
			return []*pg.RangeVar{n.AlterTableStmt.Relation}
		}
	case *pg.Node_DropStmt:
		return lockedByDrop(s)
	case *pg.Node_RenameStmt:
		return renamedTable(n.RenameStmt)
	case *pg.Node_AlterObjectSchemaStmt:
		if n.AlterObjectSchemaStmt.ObjectType == pg.ObjectType_OBJECT_TABLE {
			return []*pg.RangeVar{n.AlterObjectSchemaStmt.Relation}
		}
	case *pg.Node_TruncateStmt:
		return rangeVars(n.TruncateStmt.Relations)
	case *pg.Node_LockStmt:
		if lockModes[n.LockStmt.Mode].Strength() >= lint.ShareRowExclusive.Strength() {
			return rangeVars(n.LockStmt.Relations)
		}
	}
	return lockedByObject(s.Node)
}

// lockedByObject knows what is made on a table that exists.
func lockedByObject(node *pg.Node) []*pg.RangeVar {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateTrigStmt:
		return []*pg.RangeVar{n.CreateTrigStmt.Relation}
	case *pg.Node_CreatePolicyStmt:
		return []*pg.RangeVar{n.CreatePolicyStmt.Table}
	case *pg.Node_AlterPolicyStmt:
		return []*pg.RangeVar{n.AlterPolicyStmt.Table}
	case *pg.Node_RuleStmt:
		return []*pg.RangeVar{n.RuleStmt.Relation}
	case *pg.Node_CreateStmt:
		if n.CreateStmt.Partbound != nil {
			return rangeVars(n.CreateStmt.InhRelations)
		}
	}
	return nil
}

// lockModes are the modes of LOCK TABLE by the number the parser gives them.
var lockModes = map[int32]lint.LockMode{
	1: lint.AccessShare, 2: lint.RowShare, 3: lint.RowExclusive, 4: lint.ShareUpdateExclusive,
	5: lint.Share, 6: lint.ShareRowExclusive, 7: lint.Exclusive, 8: lint.AccessExclusive,
}

// locksWeakly tells whether an action of ALTER TABLE needs at most
// SHARE UPDATE EXCLUSIVE on the table it is for.
func locksWeakly(c *pg.AlterTableCmd) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_ValidateConstraint, pg.AlterTableType_AT_SetStatistics,
		pg.AlterTableType_AT_SetOptions, pg.AlterTableType_AT_ResetOptions,
		pg.AlterTableType_AT_SetRelOptions, pg.AlterTableType_AT_ResetRelOptions,
		pg.AlterTableType_AT_ClusterOn, pg.AlterTableType_AT_DropCluster, pg.AlterTableType_AT_AttachPartition:
		return true
	}
	return c.GetDef().GetPartitionCmd().GetConcurrent()
}

// lockedByDrop returns the tables that go, or lose a part of theirs.
func lockedByDrop(s *lint.Statement) []*pg.RangeVar {
	var tables []*pg.RangeVar
	for _, name := range droppedNames(s) {
		if t := name.table(); t != nil && (name.kind == "table" || name.partOfTable()) {
			tables = append(tables, t)
		}
	}
	return tables
}

func renamedTable(r *pg.RenameStmt) []*pg.RangeVar {
	switch r.RenameType {
	case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_COLUMN, pg.ObjectType_OBJECT_TABCONSTRAINT:
		return []*pg.RangeVar{r.Relation}
	}
	return nil
}

func rangeVars(nodes []*pg.Node) []*pg.RangeVar {
	var out []*pg.RangeVar
	for _, n := range nodes {
		if r := n.GetRangeVar(); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// oldLocked returns those of the tables that a statement locks strongly that
// existed before the migrations under review. What the server saw wins.
func oldLocked(p *lint.Pass, s *lint.Statement) []*pg.RangeVar {
	return slices.DeleteFunc(stronglyLocked(s), func(r *pg.RangeVar) bool {
		return r == nil || isTemporary(r) || p.IsNew(r) || !lockHappened(p.EffectOf(s), r)
	})
}

// lockHappened tells whether the server did not show the opposite: IF EXISTS
// finds nothing, a table can be new.
func lockHappened(e *lint.Effect, r *pg.RangeVar) bool {
	if e == nil || e.Err != nil || e.Incomplete != "" {
		return true
	}
	t := e.Before.Find(r.Schemaname, r.Relname)
	return t != nil && !t.New
}
