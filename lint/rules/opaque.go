package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// opaque tells whether what a statement does stands elsewhere than in its tree:
// in syntax that the parser does not know, a block, a function, a trigger.
func opaque(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt,
		*pg.Node_SelectStmt, *pg.Node_InsertStmt, *pg.Node_UpdateStmt, *pg.Node_DeleteStmt, *pg.Node_MergeStmt:
		return true
	}
	return false
}

// A builtIndex is an index that code made on a table that existed.
type builtIndex struct {
	name  string
	table *lint.Table
	mode  lint.LockMode // on the table meanwhile
}

// builtByCode returns the indexes for which code read a table in full while
// writes to it waited.
func builtByCode(p *lint.Pass) []builtIndex {
	e := p.Effect()
	if !p.Tried() || !opaque(p.Statement) || e.After == nil {
		return nil
	}
	var built []builtIndex
	for _, t := range e.After.Tables {
		mode := e.LockDuring(t.QName())
		if !mode.BlocksWrites() || !e.DidScan(t.QName()) || e.DidRewrite(t.QName()) {
			continue
		}
		for _, ix := range t.Indexes {
			made := lint.CatalogObject{Kind: "index", Name: t.Schema + "." + ix.Name}
			if slices.Contains(e.Created, made) {
				built = append(built, builtIndex{ix.Name, t, mode})
			}
		}
	}
	return built
}
