package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// isOpaque tells whether what a statement does stands elsewhere than in its tree:
// in syntax that the parser does not know, a block, a function, a trigger.
func isOpaque(s *lint.Statement) bool {
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
	if !p.Tried() || !isOpaque(p.Statement) || e.After == nil {
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

// sawNoWork tells whether the server ran the statement without reading or
// rewriting any table that existed before.
func sawNoWork(p *lint.Pass) bool {
	e := p.Effect()
	return p.Tried() && e.Incomplete == "" && len(e.Scanned) == 0 && len(e.Rewritten) == 0
}

// isIndex tells whether a name in an effect is that of an index.
func isIndex(e *lint.Effect, name string) bool {
	for _, l := range e.Locks {
		if l.Object == name {
			return l.Index
		}
	}
	return e.Before.Table(name) == nil && hasIndex(e.Before, name)
}

func hasIndex(s *lint.Schema, name string) bool {
	return s != nil && slices.ContainsFunc(s.Tables, func(t *lint.Table) bool {
		return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool { return t.Schema+"."+ix.Name == name })
	})
}
