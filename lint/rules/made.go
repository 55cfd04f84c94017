package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A making is one object that a statement creates, or gives a name.
type making struct {
	objectName
	kept    bool   // OR REPLACE, IF NOT EXISTS: it may have been there before
	renamed string // the name it had until now
}

// makings returns the objects a statement creates or renames, as far as rules
// about drops ask for them.
func makings(s *lint.Statement) []making {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_AlterTableStmt:
		return addedParts(s)
	case *pg.Node_RenameStmt:
		return renameMakings(n.RenameStmt)
	}
	if m := made(s.Node); len(m.parts) > 0 {
		return []making{m}
	}
	return nil
}

func made(node *pg.Node) making {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return making{objectName: relation("table", n.CreateStmt.Relation), kept: n.CreateStmt.IfNotExists}
	case *pg.Node_CreateForeignTableStmt:
		base := n.CreateForeignTableStmt.BaseStmt
		return making{objectName: relation("foreign table", base.GetRelation()), kept: base.GetIfNotExists()}
	case *pg.Node_CreateTableAsStmt:
		as := n.CreateTableAsStmt
		return making{objectName: relation(dropKinds[as.Objtype], as.Into.GetRel()), kept: as.IfNotExists}
	case *pg.Node_ViewStmt:
		return making{objectName: relation("view", n.ViewStmt.View), kept: n.ViewStmt.Replace}
	case *pg.Node_CreateSeqStmt:
		return making{objectName: relation("sequence", n.CreateSeqStmt.Sequence), kept: n.CreateSeqStmt.IfNotExists}
	case *pg.Node_IndexStmt:
		return madeIndex(n.IndexStmt)
	case *pg.Node_CreateTrigStmt:
		t := n.CreateTrigStmt
		return making{objectName: relation("trigger", t.Relation, t.Trigname), kept: t.Replace}
	case *pg.Node_CreatePolicyStmt:
		return making{objectName: relation("policy", n.CreatePolicyStmt.Table, n.CreatePolicyStmt.PolicyName)}
	}
	return madeElsewhere(node)
}

// madeElsewhere knows the objects that are no relations and no part of one.
func madeElsewhere(node *pg.Node) making {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateEnumStmt:
		return making{objectName: objectName{"type", words(n.CreateEnumStmt.TypeName)}}
	case *pg.Node_CreateDomainStmt:
		return making{objectName: objectName{"type", words(n.CreateDomainStmt.Domainname)}}
	case *pg.Node_CreateRangeStmt:
		return making{objectName: objectName{"type", words(n.CreateRangeStmt.TypeName)}}
	case *pg.Node_CompositeTypeStmt:
		return making{objectName: relation("type", n.CompositeTypeStmt.Typevar)}
	case *pg.Node_DefineStmt:
		return making{objectName: objectName{dropKinds[n.DefineStmt.Kind], words(n.DefineStmt.Defnames)}, kept: n.DefineStmt.Replace}
	case *pg.Node_CreateFunctionStmt:
		return making{objectName: objectName{"function", words(n.CreateFunctionStmt.Funcname)}, kept: n.CreateFunctionStmt.Replace}
	case *pg.Node_CreateSchemaStmt:
		return making{objectName: objectName{"schema", []string{n.CreateSchemaStmt.Schemaname}}, kept: n.CreateSchemaStmt.IfNotExists}
	case *pg.Node_CreateExtensionStmt:
		return making{objectName: objectName{"extension", []string{n.CreateExtensionStmt.Extname}}, kept: n.CreateExtensionStmt.IfNotExists}
	case *pg.Node_CreatePublicationStmt:
		return making{objectName: objectName{"publication", []string{n.CreatePublicationStmt.Pubname}}}
	}
	return madeRarely(node)
}

// madeRarely knows what few migrations make.
func madeRarely(node *pg.Node) making {
	switch n := node.GetNode().(type) {
	case *pg.Node_RuleStmt:
		return making{objectName: relation("rule", n.RuleStmt.Relation, n.RuleStmt.Rulename), kept: n.RuleStmt.Replace}
	case *pg.Node_CreateStatsStmt:
		return making{objectName: objectName{"statistics object", words(n.CreateStatsStmt.Defnames)}, kept: n.CreateStatsStmt.IfNotExists}
	case *pg.Node_CreateEventTrigStmt:
		return making{objectName: objectName{"event trigger", []string{n.CreateEventTrigStmt.Trigname}}}
	case *pg.Node_CreateForeignServerStmt:
		return making{objectName: objectName{"server", []string{n.CreateForeignServerStmt.Servername}}, kept: n.CreateForeignServerStmt.IfNotExists}
	case *pg.Node_CreateFdwStmt:
		return making{objectName: objectName{"foreign-data wrapper", []string{n.CreateFdwStmt.Fdwname}}}
	}
	return making{}
}

// madeIndex names an index, which lies in the schema of its table.
func madeIndex(s *pg.IndexStmt) making {
	if s.Idxname == "" {
		return making{}
	}
	in := &pg.RangeVar{Schemaname: s.Relation.GetSchemaname(), Relname: s.Idxname}
	return making{objectName: relation("index", in), kept: s.IfNotExists}
}

func addedParts(s *lint.Statement) []making {
	var out []making
	table := s.Node.GetAlterTableStmt().GetRelation()
	for _, c := range tableCommands(s) {
		switch c.Subtype {
		case pg.AlterTableType_AT_AddColumn:
			name := relation("table column", table, c.GetDef().GetColumnDef().GetColname())
			out = append(out, making{objectName: name, kept: c.MissingOk})
		case pg.AlterTableType_AT_AddConstraint:
			if name := c.GetDef().GetConstraint().GetConname(); name != "" {
				out = append(out, making{objectName: relation("table constraint", table, name)})
			}
		}
	}
	return out
}

func renameMakings(s *pg.RenameStmt) []making {
	m := making{renamed: s.Subname}
	switch s.RenameType {
	case pg.ObjectType_OBJECT_COLUMN:
		m.objectName = relation("table column", s.Relation, s.Newname)
	case pg.ObjectType_OBJECT_TABCONSTRAINT:
		m.objectName = relation("table constraint", s.Relation, s.Newname)
	case pg.ObjectType_OBJECT_TRIGGER, pg.ObjectType_OBJECT_POLICY:
		m.objectName = relation(dropKinds[s.RenameType], s.Relation, s.Newname)
	default:
		return renamedRelation(s)
	}
	return []making{m}
}

func renamedRelation(s *pg.RenameStmt) []making {
	kind := dropKinds[s.RenameType]
	old := nameParts(s.Object)
	if s.Relation != nil {
		old = relation(kind, s.Relation).parts
	}
	if kind == "" || len(old) == 0 {
		return nil
	}
	parts := append(slices.Clone(old[:len(old)-1]), s.Newname)
	return []making{{objectName: objectName{kind, parts}, renamed: old[len(old)-1]}}
}

// madeAgain returns how a later statement of the same migration (or a later
// command of the same statement) makes an object of that name; nil when none
// does. So tools redefine what cannot be replaced.
func madeAgain(p *lint.Pass, o objectName) *making {
	for _, s := range fromHere(p) {
		for _, m := range makings(s) {
			if m.same(o) {
				return &m
			}
		}
	}
	return nil
}

// isNewObject tells whether the migrations under review made the object, or
// the table it belongs to, so that nobody can be using it.
func isNewObject(p *lint.Pass, o objectName) bool {
	if t := o.table(); t != nil && p.IsNew(t) {
		return true
	}
	for _, s := range reviewedBefore(p) {
		for _, m := range makings(s) {
			if m.same(o) && !m.kept && (m.renamed == "" || !holdsData(o.kind)) {
				return true
			}
		}
		if createdUnseen(p, s, o) {
			return true
		}
	}
	return false
}

// holdsData tells whether renaming an object keeps something that dropping it
// under its new name would lose.
func holdsData(kind string) bool {
	return kind == "table" || kind == "table column" || kind == "sequence" || kind == "schema" || kind == "table constraint" || kind == "index"
}

// createdUnseen tells whether code whose text tells nothing made the object.
func createdUnseen(p *lint.Pass, s *lint.Statement, o objectName) bool {
	e := p.EffectOf(s)
	if e == nil || s.Node != nil && s.Node.GetDoStmt() == nil {
		return false
	}
	return slices.ContainsFunc(e.Created, func(c lint.Object) bool { return catalogObject(c).same(o) })
}
