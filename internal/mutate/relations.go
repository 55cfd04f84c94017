package mutate

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A relation is a table, view or the like that a script makes.
type relation struct {
	kind         string // as ALTER calls it: TABLE, VIEW, MATERIALIZED VIEW, FOREIGN TABLE
	schema, name string // schema is "" for public
	temporary    bool
}

// sql is the relation's name as a statement writes it.
func (r relation) sql() string {
	if r.schema == "" {
		return quotedName(r.name)
	}
	return quotedName(r.schema) + "." + quotedName(r.name)
}

// relationsOf returns what stands at the end of a text, in the order it was made.
func relationsOf(text string) []relation {
	var standing []relation
	statements, _ := lint.Parse(text)
	for _, s := range statements {
		standing = standingAfter(s.Node, standing)
	}
	return standing
}

// standingAfter returns the relations that stand after a statement.
func standingAfter(n *pg.Node, standing []relation) []relation {
	if made, ok := madeBy(n); ok {
		return append(withoutRelation(standing, made), made)
	}
	if d := n.GetDropStmt(); d != nil {
		for _, object := range d.Objects {
			standing = withoutRelation(standing, fromNameList(object.GetList()))
		}
	}
	if r := n.GetRenameStmt(); r != nil && r.Subname == "" {
		for i := range standing {
			if standing[i].same(fromRangeVar("", r.Relation)) && relationKinds[r.RenameType] != "" {
				standing[i].name = r.Newname
			}
		}
	}
	if m := n.GetAlterObjectSchemaStmt(); m != nil {
		for i := range standing {
			if standing[i].same(fromRangeVar("", m.Relation)) {
				standing[i].schema = m.Newschema
			}
		}
	}
	return standing
}

var relationKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_TABLE: "TABLE", pg.ObjectType_OBJECT_VIEW: "VIEW",
	pg.ObjectType_OBJECT_MATVIEW: "MATERIALIZED VIEW", pg.ObjectType_OBJECT_FOREIGN_TABLE: "FOREIGN TABLE",
}

func madeBy(n *pg.Node) (relation, bool) {
	switch n := n.GetNode().(type) {
	case *pg.Node_CreateStmt:
		return fromRangeVar("TABLE", n.CreateStmt.Relation), true
	case *pg.Node_CreateForeignTableStmt:
		return fromRangeVar("FOREIGN TABLE", n.CreateForeignTableStmt.BaseStmt.GetRelation()), true
	case *pg.Node_CreateTableAsStmt:
		return fromRangeVar(relationKinds[n.CreateTableAsStmt.Objtype], n.CreateTableAsStmt.Into.GetRel()), true
	case *pg.Node_ViewStmt:
		return fromRangeVar("VIEW", n.ViewStmt.View), true
	}
	return relation{}, false
}

// relationsMade returns the relations that a text makes, whether or not they stay;
// one that it renames without a kind.
func relationsMade(text string) (all []relation) {
	statements, _ := lint.Parse(text)
	for _, s := range statements {
		if r, ok := madeBy(s.Node); ok {
			all = append(all, r)
		}
		if r := s.Node.GetRenameStmt(); relationKinds[r.GetRenameType()] != "" {
			all = append(all, relation{schema: r.Relation.GetSchemaname(), name: r.Newname})
		}
	}
	return all
}

func fromRangeVar(kind string, r *pg.RangeVar) relation {
	made := relation{kind: kind, schema: r.GetSchemaname(), name: r.GetRelname(), temporary: r.GetRelpersistence() == "t"}
	if made.schema == "public" {
		made.schema = ""
	}
	return made
}

func fromNameList(list *pg.List) relation {
	var r relation
	for _, part := range list.GetItems() {
		r.schema, r.name = r.name, part.GetString_().GetSval()
	}
	if r.schema == "public" {
		r.schema = ""
	}
	return r
}

func (r relation) same(other relation) bool { return r.schema == other.schema && r.name == other.name }

func withoutRelation(all []relation, gone relation) []relation {
	return slices.DeleteFunc(all, gone.same)
}
