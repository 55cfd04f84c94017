package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// lockedInUse returns those of the tables that a statement locks strongly that
// existed before the migrations under review. What the server saw wins.
func lockedInUse(p *lint.Pass, s *lint.Statement) []*pg.RangeVar {
	var tables []*pg.RangeVar
	for _, f := range s.Facts() {
		if f.Verb&facts.Locked == 0 {
			continue
		}
		if r := f.Name.Relation(); r != nil && !isTemporaryHere(p, r) && !p.IsNew(r) && lockHappened(p.EffectOf(s), r) {
			tables = append(tables, r)
		}
	}
	return tables
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
