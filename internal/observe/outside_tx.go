package observe

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// Statements that refuse to run in a transaction commit on their own, some of
// them several times: their locks are gone before anybody can ask, and the
// counters of scans with them. What they lock is documented and the same in all
// supported versions; TestLocksOutside holds this table to real servers.
// https://www.postgresql.org/docs/current/explicit-locking.html

// lockOutside adds what a statement outside of transactions locks and reads.
func (o *Observer) lockOutside(s *lint.Statement, e *lint.Effect, before snapshot) {
	e.Locks, e.Scanned = nil, nil
	l := outsideLocks{snapshot: before, path: e.Before.SearchPath, modes: map[int64]lint.LockMode{}, read: map[int64]bool{}}
	if !l.statement(s, e) {
		markIncomplete(e, "locks and scans: the statement commits on its own, so they were gone before they could be seen")
		return
	}
	for oid, mode := range l.modes {
		if r := before.relations[oid]; o.mentions(r) {
			e.Locks = append(e.Locks, lint.Lock{Object: r.qname(), Mode: mode, Index: r.index()})
		}
	}
	for oid, read := range l.read {
		if r := before.relations[oid]; read && o.mentions(r) {
			e.Scanned = append(e.Scanned, r.qname())
		}
	}
	slices.SortFunc(e.Locks, compareLocks)
	slices.Sort(e.Scanned)
}

// mentions reports whether effects mention a relation: others can be using it.
func (o *Observer) mentions(r relation) bool {
	_, existed := o.old[r.OID]
	return existed && !o.isHistory(r)
}

// outsideLocks collects the strongest mode per relation.
type outsideLocks struct {
	snapshot
	path  []string
	modes map[int64]lint.LockMode
	read  map[int64]bool
}

// statement notes the locks of one statement. It is false when its text does not say
// which tables it locks.
func (l *outsideLocks) statement(s *lint.Statement, e *lint.Effect) bool {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_IndexStmt:
		for _, r := range l.named(n.IndexStmt.Relation) {
			l.lock(r, lint.ShareUpdateExclusive)
			l.read[r.OID] = len(e.Created) > 0 // not when IF NOT EXISTS met one
		}
	case *pg.Node_DropStmt:
		l.dropIndexes(n.DropStmt)
	case *pg.Node_ReindexStmt:
		l.reindex(n.ReindexStmt)
	case *pg.Node_VacuumStmt:
		l.vacuum(n.VacuumStmt)
	case *pg.Node_ClusterStmt:
		l.cluster(n.ClusterStmt)
	case *pg.Node_AlterTableStmt:
		l.detach(n.AlterTableStmt)
	case *pg.Node_DiscardStmt, *pg.Node_AlterSystemStmt, *pg.Node_CreatedbStmt, *pg.Node_DropdbStmt, *pg.Node_AlterDatabaseStmt,
		*pg.Node_CreateTableSpaceStmt, *pg.Node_DropTableSpaceStmt,
		*pg.Node_CreateSubscriptionStmt, *pg.Node_AlterSubscriptionStmt, *pg.Node_DropSubscriptionStmt:
		// no relation of this database
	default:
		return false
	}
	return true
}

func (l *outsideLocks) lock(r relation, mode lint.LockMode) {
	if mode.Strength() > l.modes[r.OID].Strength() {
		l.modes[r.OID] = mode
	}
}

// dropIndexes: the index itself is locked in full only when no query can be
// using it any more.
func (l *outsideLocks) dropIndexes(d *pg.DropStmt) {
	names, _ := droppedNames(d)
	for _, n := range names {
		for _, r := range l.find(n) {
			l.lock(r, lint.AccessExclusive)
			l.lock(l.relations[r.Table], lint.ShareUpdateExclusive)
		}
	}
}

func (l *outsideLocks) reindex(s *pg.ReindexStmt) {
	table, index := lint.Share, lint.AccessExclusive
	if isOn(s.Params, "concurrently") {
		table, index = lint.ShareUpdateExclusive, lint.ShareUpdateExclusive
	}
	for _, r := range l.reindexed(s) {
		l.lock(r, index)
		l.lock(l.relations[r.Table], table)
		l.read[r.Table] = true
	}
}

// reindexed returns the indexes that REINDEX builds again.
func (l *outsideLocks) reindexed(s *pg.ReindexStmt) []relation {
	var within func(relation) bool
	switch s.Kind {
	case pg.ReindexObjectType_REINDEX_OBJECT_INDEX:
		targets := l.named(s.Relation)
		within = func(r relation) bool { return containsOID(targets, r.OID) }
	case pg.ReindexObjectType_REINDEX_OBJECT_TABLE:
		targets := l.named(s.Relation)
		within = func(r relation) bool { return containsOID(targets, r.Table) }
	case pg.ReindexObjectType_REINDEX_OBJECT_SCHEMA:
		within = func(r relation) bool { return r.Schema == s.Name }
	case pg.ReindexObjectType_REINDEX_OBJECT_DATABASE:
		within = func(relation) bool { return true }
	default:
		return nil
	}
	return l.all(func(r relation) bool { return r.Kind == "i" && within(r) })
}

func (l *outsideLocks) vacuum(s *pg.VacuumStmt) {
	mode := lint.ShareUpdateExclusive
	if s.IsVacuumcmd && isOn(s.Options, "full") {
		mode = lint.AccessExclusive
	}
	tables := l.all(relation.storesRows)
	if len(s.Rels) > 0 {
		tables = nil
	}
	for _, n := range s.Rels {
		tables = append(tables, l.named(n.GetVacuumRelation().GetRelation())...)
	}
	for _, r := range tables {
		if r.storesRows() {
			l.lock(r, mode)
		}
	}
}

// cluster without a table takes each that was clustered before.
func (l *outsideLocks) cluster(s *pg.ClusterStmt) {
	var tables []relation
	if s.Relation != nil {
		tables = l.named(s.Relation)
	} else {
		for _, index := range l.all(func(r relation) bool { return r.Clustered }) {
			tables = append(tables, l.relations[index.Table])
		}
	}
	for _, r := range tables {
		if r.storesRows() {
			l.lock(r, lint.AccessExclusive)
		}
	}
}

// detach: CONCURRENTLY ends with the partition locked in full, when no query of
// the parent can be using it any more.
func (l *outsideLocks) detach(s *pg.AlterTableStmt) {
	for _, n := range s.Cmds {
		def := n.GetAlterTableCmd().GetDef().GetPartitionCmd()
		if def == nil {
			continue
		}
		for _, r := range l.find(name{s.Relation.GetSchemaname(), s.Relation.GetRelname()}) {
			l.lock(r, lint.ShareUpdateExclusive)
		}
		for _, r := range l.find(name{def.Name.GetSchemaname(), def.Name.GetRelname()}) {
			l.lock(r, lint.AccessExclusive)
		}
	}
}

// named returns a relation and its partitions, at every level.
func (l *outsideLocks) named(r *pg.RangeVar) []relation {
	found := l.find(name{r.GetSchemaname(), r.GetRelname()})
	for i := 0; i < len(found); i++ {
		parent := found[i].OID
		found = append(found, l.all(func(r relation) bool { return r.Parent == parent })...)
	}
	return found
}

// find looks a name up as the server does: the first schema that has it.
func (l *outsideLocks) find(n name) []relation {
	schemas := []string{n[0]}
	if n[0] == "" {
		schemas = l.path
	}
	for _, schema := range schemas {
		if found := l.all(func(r relation) bool { return r.Schema == schema && r.Name == n[1] }); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (l *outsideLocks) all(which func(relation) bool) []relation {
	var found []relation
	for _, r := range l.relations {
		if which(r) {
			found = append(found, r)
		}
	}
	return found
}

func containsOID(relations []relation, oid int64) bool {
	return slices.ContainsFunc(relations, func(r relation) bool { return r.OID == oid })
}

// isOn reports whether a list of options has one that is not switched off.
func isOn(options []*pg.Node, name string) bool {
	on := false
	for _, n := range options {
		d := n.GetDefElem()
		if d.GetDefname() == name {
			arg := d.GetArg()
			on = !slices.Contains([]string{"off", "false", "0"}, arg.GetString_().GetSval()) && (arg == nil || arg.GetInteger() == nil || arg.GetInteger().Ival != 0) &&
				(arg.GetBoolean() == nil || arg.GetBoolean().Boolval)
		}
	}
	return on
}
