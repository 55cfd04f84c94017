package lint

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A HeldTable is a table in use that earlier statements of a transaction keep others from.
type HeldTable struct {
	Name facts.Name // as it is called now
	Mode LockMode   // "" where no server saw, and the text does not tell
}

// BlocksReads reports whether nobody can read the table, as far as anybody knows.
func (h HeldTable) BlocksReads() bool { return h.Mode == "" || h.Mode.BlocksReads() }

// A heldTable is a HeldTable with what tells it from others under whatever name.
type heldTable struct {
	lockedTable
	mode LockMode
}

// Held returns the tables in use that earlier statements of the transaction keep others from
// writing, or from reading as well, in the order of the first lock of each. Those that it has
// dropped since are not among them.
func (p *Pass) Held() []HeldTable {
	return RememberHere(p, p.heldNow)
}

func (p *Pass) heldNow() []HeldTable {
	var held []HeldTable
	for _, h := range p.walk.tx.held {
		name, gone := h.name, p.Gone(h.name)
		if h.object != nil {
			name = p.walk.withoutHome(h.object.Name(p), p.walk.place)
		}
		if h.object.isGoneBefore(p) || h.object == nil && gone != nil && gone.Verb&facts.Dropped != 0 {
			continue
		}
		held = append(held, HeldTable{name, h.mode})
	}
	return held
}

func (o *Object) isGoneBefore(p *Pass) bool { return o != nil && o.isGone(p.walk.place-1) }

// hold notes the strongest lock on a table.
func (t *txState) hold(table heldTable) {
	for i := range t.held {
		known := &t.held[i]
		if known.object != nil && known.object == table.object || known.object == nil && table.object == nil && known.name.Same(table.name) {
			if known.mode != "" && (table.mode == "" || table.mode.Strength() > known.mode.Strength()) {
				known.mode = table.mode
			}
			return
		}
	}
	t.held = append(t.held, table)
}

// modeByText is the mode in which a statement locks the tables that it names, where that lets
// readers go on: ALTER TABLE … ADD FOREIGN KEY, CREATE TRIGGER, LOCK TABLE. "" is any other.
// https://www.postgresql.org/docs/current/explicit-locking.html
func modeByText(s *Statement) LockMode {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateTrigStmt:
		return ShareRowExclusive
	case *pg.Node_LockStmt:
		return LockModeOf(n.LockStmt.Mode)
	case *pg.Node_AlterTableStmt:
		if !slices.ContainsFunc(n.AlterTableStmt.Cmds, keepsReadersOut) {
			return ShareRowExclusive
		}
	}
	return ""
}

// keepsReadersOut reports whether a command of ALTER TABLE takes ACCESS EXCLUSIVE, as most do.
func keepsReadersOut(n *pg.Node) bool {
	c := n.GetAlterTableCmd()
	switch c.GetSubtype() {
	case pg.AlterTableType_AT_AddConstraint:
		return c.GetDef().GetConstraint().GetContype() != pg.ConstrType_CONSTR_FOREIGN
	case pg.AlterTableType_AT_EnableTrig, pg.AlterTableType_AT_EnableAlwaysTrig, pg.AlterTableType_AT_EnableReplicaTrig, pg.AlterTableType_AT_EnableTrigAll, pg.AlterTableType_AT_EnableTrigUser,
		pg.AlterTableType_AT_DisableTrig, pg.AlterTableType_AT_DisableTrigAll, pg.AlterTableType_AT_DisableTrigUser:
		return false
	}
	return c == nil || !facts.LocksWeakly(c)
}

// heldBy returns what a statement keeps others from: by what a server saw, else by its text.
func (w *walk) heldBy(s *Statement, locked []lockedTable, e *Effect) []heldTable {
	var held []heldTable
	if e == nil || e.Err != nil || e.Incomplete != "" {
		for _, table := range locked {
			held = append(held, heldTable{table, modeByText(s)})
		}
	}
	if e == nil {
		return held
	}
	for _, l := range e.Locks {
		if !l.Index && !l.Child && l.Mode.BlocksWrites() && e.isTable(l.Object) {
			n := w.withoutHome(facts.Identity(facts.Table, l.Object), w.place)
			held = append(held, heldTable{lockedTable{n, w.timeline.findBefore(n, w.place)}, l.Mode})
		}
	}
	return held
}
