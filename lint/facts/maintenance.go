package facts

import (
	pg "github.com/pganalyze/pg_query_go/v5"
)

// vacuum reads VACUUM and ANALYZE. A VACUUM that does neither more is no fact.
func (r *reader) vacuum(s *pg.VacuumStmt) {
	var verbs Verb
	if !s.IsVacuumcmd || HasOption(s.Options, "analyze") {
		verbs |= Analysed
	}
	if s.IsVacuumcmd && HasOption(s.Options, "full") {
		verbs |= Rebuilt
	}
	if verbs == 0 {
		return
	}
	if len(s.Rels) == 0 {
		r.add(Fact{Verb: verbs, Name: AllTables, Tree: s})
	}
	for _, rel := range s.Rels {
		r.add(Fact{Verb: verbs, Name: Named(Table, rel.GetVacuumRelation().GetRelation()), Tree: s})
	}
}

func (r *reader) reindex(s *pg.ReindexStmt) {
	switch s.Kind {
	case pg.ReindexObjectType_REINDEX_OBJECT_INDEX:
		r.add(Fact{Verb: Rebuilt, Name: Named(Index, s.Relation), Tree: s})
	case pg.ReindexObjectType_REINDEX_OBJECT_SCHEMA:
		r.add(Fact{Verb: Rebuilt, Name: Name{Kind: Schema, Name: s.Name}, Tree: s})
	default:
		r.rebuilt(s.Relation, s)
	}
}

// rebuilt notes a table that is written again; all when none is named.
func (r *reader) rebuilt(table *pg.RangeVar, tree any) {
	name := AllTables
	if table != nil {
		name = Named(Table, table)
	}
	r.add(Fact{Verb: Rebuilt, Name: name, Tree: tree})
}
