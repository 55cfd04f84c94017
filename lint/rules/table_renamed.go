package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var tableRenamed = &lint.Rule{
	ID: "table-renamed", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Renamed | facts.Moved | facts.Changed,
	Title: "A table, view, type, schema or enum value gets another name while code uses the old one",
	Why: "The rename itself is quick. But during a deploy the old code still runs against the new schema, and every statement with the old name fails: `42P01` for a table or view, `42704` for a type, `22P02` for an enum value. " +
		"`SET SCHEMA` is a rename too, for code that relies on the search path or writes the schema.",
	Fix: "Rename and leave a view with the old name in the same transaction; simple views take `INSERT`, `UPDATE` and `DELETE` as well. Drop it when the old code is gone.\n\n" +
		"```sql\nALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases;\n```\n\n" +
		"For an enum value, add the new one, write it, convert the rows, and leave the old one alone. When the old name exists again at the end of the review, nothing is reported.",
	Check: func(p *lint.Pass) {
		if name, ok := renamedObject(p); ok {
			reportRenamed(p, name)
		}
	},
}

// A renaming is an object that can no longer be found by its old name.
type renaming struct {
	kind, old, new string
	word           string       // of the old name, as code has it
	relation       *pg.RangeVar // of tables and views
	datatype       facts.Name   // of types, without schema
	way            string
}

const (
	viewStays  = "leave a view with the old name until the old code is gone"
	bothLabels = "add the new one, convert the rows, and leave the old one until the old code is gone"
	codeFirst  = "first deploy code that knows both names"
)

func renamedObject(p *lint.Pass) (renaming, bool) {
	switch n := p.Node().GetNode().(type) {
	case *pg.Node_RenameStmt:
		return renamedBy(n.RenameStmt)
	case *pg.Node_AlterObjectSchemaStmt:
		return movedBy(n.AlterObjectSchemaStmt)
	case *pg.Node_AlterEnumStmt:
		e := n.AlterEnumStmt
		name := strings.Join(facts.Words(e.TypeName), ".")
		return renaming{kind: "enum value", old: name + " '" + e.OldVal + "'", new: "'" + e.NewVal + "'", word: e.OldVal, way: bothLabels}, e.OldVal != ""
	}
	return renaming{}, false
}

func renamedBy(r *pg.RenameStmt) (renaming, bool) {
	kind := renamedKinds[r.RenameType]
	switch r.RenameType {
	case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_VIEW, pg.ObjectType_OBJECT_MATVIEW, pg.ObjectType_OBJECT_FOREIGN_TABLE:
		return renaming{kind: kind, old: tableName(r.Relation), new: r.Newname, word: r.Relation.GetRelname(), relation: r.Relation, way: viewStays}, true
	case pg.ObjectType_OBJECT_SCHEMA:
		return renaming{kind: kind, old: r.Subname, new: r.Newname, word: r.Subname, way: codeFirst}, true
	case pg.ObjectType_OBJECT_TYPE, pg.ObjectType_OBJECT_DOMAIN:
		names := facts.Words(r.GetObject().GetList().GetItems())
		word := facts.LastWord(r.GetObject().GetList().GetItems())
		return renaming{kind: kind, old: strings.Join(names, "."), new: r.Newname, word: word, datatype: facts.Qualified(facts.Type, names), way: codeFirst}, true
	}
	return renaming{}, false
}

var renamedKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_TABLE:         "table",
	pg.ObjectType_OBJECT_VIEW:          "view",
	pg.ObjectType_OBJECT_MATVIEW:       "materialized view",
	pg.ObjectType_OBJECT_FOREIGN_TABLE: "foreign table",
	pg.ObjectType_OBJECT_SCHEMA:        "schema",
	pg.ObjectType_OBJECT_TYPE:          "type",
	pg.ObjectType_OBJECT_DOMAIN:        "domain",
}

func movedBy(s *pg.AlterObjectSchemaStmt) (renaming, bool) {
	if s.Relation == nil || s.ObjectType == pg.ObjectType_OBJECT_SEQUENCE {
		return renaming{}, false
	}
	return renaming{
		kind: renamedKinds[s.ObjectType], old: tableName(s.Relation),
		new: s.Newschema + "." + s.Relation.Relname, word: s.Relation.Relname, relation: s.Relation, way: viewStays,
	}, true
}

func reportRenamed(p *lint.Pass, r renaming) {
	if r.relation != nil && (p.IsNew(r.relation) || facts.IsTemporary(r.relation) || relationComesBack(p, r.relation)) {
		return
	}
	if r.datatype.Name != "" && typeIsMade(p, r.datatype) {
		return
	}
	p.Reportf(r.relation.GetLocation(), "renaming %s %s to %s breaks code that still uses the old name while it is deployed%s; %s",
		r.kind, r.old, r.new, stillMentioned(p, facts.Name{Kind: facts.Kind(r.kind), Name: r.word}), r.way)
}

// relationComesBack tells whether a later statement makes a table or view with
// the old name, or renames one to it.
func relationComesBack(p *lint.Pass, old *pg.RangeVar) bool {
	return p.ComesBack(facts.Named(facts.Table, old)) != nil
}

// typeIsMade tells whether the migrations under review make a type with this
// name: it is new, or a new one takes its place, which is how labels are
// removed from an enum.
func typeIsMade(p *lint.Pass, n facts.Name) bool {
	o := p.Object(n)
	if o.IsNew(p) || p.ComesBack(n) != nil {
		return true
	}
	for e := range o.Before(p) {
		if e.New && e.Verb&facts.Renamed != 0 {
			return true
		}
	}
	return false
}
