package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A securityFact is what the SQL of a whole history says about row security of
// a table. The catalog that rules see has nothing of it.
type securityFact struct {
	table   *pg.RangeVar
	enabled bool
	policy  bool
}

// rowSecurity reads the whole history, statements after p's included. unknown
// is set when code whose text tells nothing speaks of row security.
func rowSecurity(p *lint.Pass) (facts map[string]*securityFact, unknown bool) {
	facts = map[string]*securityFact{}
	for m := range p.History.All() {
		for _, s := range m.Statements() {
			readSecurity(facts, s)
			if (s.Node == nil || s.Node.GetDoStmt() != nil) && speaksOfRowSecurity(s.SQL) {
				unknown = true
			}
		}
	}
	return facts, unknown
}

func speaksOfRowSecurity(sql string) bool {
	sql = strings.ToUpper(sql)
	return strings.Contains(sql, "ROW LEVEL SECURITY") || strings.Contains(sql, "POLICY")
}

func readSecurity(facts map[string]*securityFact, s *lint.Statement) {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		if r := n.CreateStmt.Relation; !isTemporary(r) && n.CreateStmt.Partbound == nil {
			facts[securityKey(r)] = &securityFact{table: r}
		}
	case *pg.Node_AlterTableStmt:
		if f := facts[securityKey(n.AlterTableStmt.Relation)]; f != nil {
			f.alter(tableCommands(s))
		}
	case *pg.Node_CreatePolicyStmt:
		if f := facts[securityKey(n.CreatePolicyStmt.Table)]; f != nil {
			f.policy = true
		}
	case *pg.Node_DropStmt:
		for _, o := range droppedNames(s) {
			if o.kind == "table" {
				delete(facts, securityKey(o.table()))
			}
		}
	case *pg.Node_RenameStmt:
		renameSecurity(facts, n.RenameStmt)
	}
}

func (f *securityFact) alter(commands []*pg.AlterTableCmd) {
	for _, c := range commands {
		switch c.Subtype {
		case pg.AlterTableType_AT_EnableRowSecurity:
			f.enabled = true
		case pg.AlterTableType_AT_DisableRowSecurity:
			f.enabled = false
		}
	}
}

func renameSecurity(facts map[string]*securityFact, r *pg.RenameStmt) {
	old := securityKey(r.Relation)
	if r.RenameType != pg.ObjectType_OBJECT_TABLE || facts[old] == nil {
		return
	}
	facts[securityKey(&pg.RangeVar{Schemaname: r.Relation.Schemaname, Relname: r.Newname})] = facts[old]
	delete(facts, old)
}

func securityKey(r *pg.RangeVar) string { return schemaOf(r) + "." + r.GetRelname() }
