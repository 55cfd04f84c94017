package newer

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// Restore puts into the tree of a bridged statement what was taken out of its text.
func Restore(tree *pg.Node, found []Construct) {
	at, relations := constraintsByPlace(tree), vacuumedByPlace(tree.GetVacuumStmt())
	for i := range found {
		c := &found[i]
		if d, found := at[c.Of]; found {
			c.constraint(d)
		}
		if rel := relations[c.Of]; rel != nil && c.Kind == VacuumOnly {
			rel.Inh = false
		}
		c.statement(tree)
	}
}

// A declared constraint is one that a statement makes, with its column where it is
// behind one.
type declared struct {
	*pg.Constraint
	column *pg.ColumnDef
}

// constraint makes of a stand-in what stands there.
func (c *Construct) constraint(con declared) {
	switch c.Kind {
	case NotNullConstraint, DomainNotNull:
		con.Contype, con.RawExpr = pg.ConstrType_CONSTR_NOTNULL, nil
		if c.column != "" {
			con.Keys = []*pg.Node{pg.MakeStrNode(c.column)}
		}
	case NotNullNoInherit:
		con.IsNoInherit = true
	case NotEnforced:
		con.SkipValidation, con.InitiallyValid = true, false
	case WithoutOverlaps:
		con.AccessMethod = "gist"
	case Virtual:
		if con.column != nil {
			con.column.Generated = facts.VirtualColumn
		}
		if con.Contype == pg.ConstrType_CONSTR_DEFAULT {
			con.Contype, con.GeneratedWhen = pg.ConstrType_CONSTR_GENERATED, generatedAlways
		}
	}
}

// generatedAlways is ATTRIBUTE_IDENTITY_ALWAYS, which the parser gives columns that are
// GENERATED ALWAYS.
const generatedAlways = "a"

// statement changes what is no constraint.
func (c *Construct) statement(tree *pg.Node) {
	switch c.Kind {
	case SetExpression, SplitPartition, MergePartitions, AlterEnforced, AlterNotEnforced:
		c.alter(actionOf(tree, c.action))
	case Repack:
		repacks(tree.GetVacuumStmt())
	case LargeObjects:
		if action := tree.GetAlterDefaultPrivilegesStmt().GetAction(); action != nil {
			action.Objtype = pg.ObjectType_OBJECT_LARGEOBJECT
		}
	case ConflictSelect:
		if s := tree.GetInsertStmt(); s != nil && s.OnConflictClause == nil {
			s.OnConflictClause = &pg.OnConflictClause{Action: pg.OnConflictAction_ONCONFLICT_NOTHING, Location: int32(c.Of)}
		}
	}
}

// alter changes an action of ALTER TABLE. Of one that makes a constraint [NOT] ENFORCED the tree
// says what becomes of its rows: they are checked, or no longer.
func (c *Construct) alter(cmd *pg.AlterTableCmd) {
	switch {
	case cmd == nil:
	case c.Kind == SetExpression && cmd.Subtype == pg.AlterTableType_AT_ColumnDefault:
		cmd.Subtype = facts.AlterSetExpression
	case c.Kind == SplitPartition && cmd.Subtype == pg.AlterTableType_AT_AddInherit:
		cmd.Subtype = facts.AlterSplitPartition
	case c.Kind == MergePartitions && cmd.Subtype == pg.AlterTableType_AT_AddInherit:
		cmd.Subtype = facts.AlterMergePartitions
	case cmd.Subtype == pg.AlterTableType_AT_AlterConstraint && cmd.GetDef().GetConstraint() != nil:
		con := cmd.GetDef().GetConstraint()
		con.InitiallyValid, con.SkipValidation = c.Kind == AlterEnforced, c.Kind == AlterNotEnforced
	}
}

func actionOf(tree *pg.Node, i int) *pg.AlterTableCmd {
	if cmds := tree.GetAlterTableStmt().GetCmds(); i < len(cmds) {
		return cmds[i].GetAlterTableCmd()
	}
	return nil
}

// vacuumedByPlace returns the relations of a VACUUM by where they begin.
func vacuumedByPlace(s *pg.VacuumStmt) map[int]*pg.RangeVar {
	at := map[int]*pg.RangeVar{}
	for _, n := range s.GetRels() {
		if rel := n.GetVacuumRelation().GetRelation(); rel != nil {
			at[int(rel.Location)] = rel
		}
	}
	return at
}

// repacks makes a VACUUM FULL of what stands for REPACK, but for REPACK (CONCURRENTLY).
func repacks(s *pg.VacuumStmt) {
	if s != nil && !facts.HasOption(s.Options, "concurrently") {
		full := &pg.DefElem{Defname: "full", Defaction: pg.DefElemAction_DEFELEM_UNSPEC}
		s.Options = append(s.Options, &pg.Node{Node: &pg.Node_DefElem{DefElem: full}})
	}
}

// constraintsByPlace returns the constraints that a statement declares by where they
// begin.
func constraintsByPlace(tree *pg.Node) map[int]declared {
	at := map[int]declared{}
	add := func(n *pg.Node) {
		if con := n.GetConstraint(); con != nil {
			at[int(con.Location)] = declared{Constraint: con}
		}
		for _, own := range n.GetColumnDef().GetConstraints() {
			if con := own.GetConstraint(); con != nil {
				at[int(con.Location)] = declared{con, n.GetColumnDef()}
			}
		}
	}
	for _, n := range tree.GetCreateStmt().GetTableElts() {
		add(n)
	}
	for _, n := range tree.GetCreateForeignTableStmt().GetBaseStmt().GetTableElts() {
		add(n)
	}
	for _, n := range tree.GetAlterTableStmt().GetCmds() {
		add(n.GetAlterTableCmd().GetDef())
	}
	add(tree.GetAlterDomainStmt().GetDef())
	return at
}
