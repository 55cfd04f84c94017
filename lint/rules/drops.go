package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A removal is one object that a statement drops by itself, not through
// CASCADE and not with its parent.
type removal struct {
	objectName
	location int32
	seen     *lint.Object // what the server saw go; nil when it was not tried
}

// removals returns the objects of some kinds that a statement drops. What the
// server saw wins: an IF EXISTS that met nothing drops nothing, and a DO block
// drops what its text does not tell.
func removals(p *lint.Pass, kinds ...string) []removal {
	written := slices.DeleteFunc(writtenRemovals(p.Statement), func(r removal) bool { return !slices.Contains(kinds, r.kind) })
	if !p.Tried() || p.Effect().Incomplete != "" {
		return written
	}
	if isExtensionScript(p.Node()) {
		return nil
	}
	var seen []removal
	for i := range p.Effect().Dropped {
		o := &p.Effect().Dropped[i]
		if !o.Auto && !o.Cascade && slices.Contains(kinds, o.Kind) {
			seen = append(seen, asWritten(o, written))
		}
	}
	return slices.DeleteFunc(seen, func(r removal) bool { return isInherited(p, r, seen, written) })
}

// isInherited tells whether r is a partition's or child table's copy of a
// column or constraint that goes as well: PostgreSQL reports all of them as
// dropped by the statement itself.
func isInherited(p *lint.Pass, r removal, seen, written []removal) bool {
	if !r.partOfTable() {
		return false
	}
	if slices.ContainsFunc(written, func(w removal) bool { return w.seen == r.seen }) {
		return false
	}
	namesake := func(other removal) bool { return other.base() == r.base() && other.seen != r.seen }
	if slices.ContainsFunc(written, namesake) {
		return true
	}
	t := p.Table(r.table())
	return t != nil && t.Partition && slices.ContainsFunc(seen, namesake)
}

// isExtensionScript tells whether the statement runs an extension's own SQL.
func isExtensionScript(n *pg.Node) bool {
	return n.GetCreateExtensionStmt() != nil || n.GetAlterExtensionStmt() != nil
}

// asWritten finds an object that went among those the text names, each of
// which stands for one: functions of one name differ in their arguments.
func asWritten(o *lint.Object, written []removal) removal {
	name := catalogObject(*o)
	for i := range written {
		if r := &written[i]; r.seen == nil && r.same(name) {
			r.kind, r.seen = o.Kind, o
			return *r
		}
	}
	return removal{objectName: name, seen: o}
}

// catalogObject takes an observed object's identity apart. Functions carry
// their arguments, which may have dots of their own.
func catalogObject(o lint.Object) objectName {
	name, args := o.Name, ""
	if i := strings.IndexByte(name, '('); i > 0 && routineKinds[o.Kind] {
		name, args = name[:i], name[i:]
	}
	parts := strings.Split(name, ".")
	parts[len(parts)-1] += args
	return objectName{o.Kind, parts}
}

// writtenRemovals returns what the text of a statement drops, and where.
func writtenRemovals(s *lint.Statement) []removal {
	names := droppedNames(s)
	if len(names) == 0 {
		return nil
	}
	out := make([]removal, len(names))
	starts := dropStarts(s)
	for i, name := range names {
		out[i].objectName = name
		if i < len(starts) {
			out[i].location = starts[i]
		}
	}
	return out
}

// droppedNames returns what the text of a statement drops. It is asked of many
// statements, so it reads the tree alone.
func droppedNames(s *lint.Statement) []objectName {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_DropStmt:
		kind := dropKinds[n.DropStmt.RemoveType]
		var names []objectName
		for _, object := range n.DropStmt.Objects {
			names = append(names, objectName{kind, nameParts(object)})
		}
		return names
	case *pg.Node_AlterTableStmt:
		var names []objectName
		for _, c := range tableCommands(s) {
			if kind := droppedParts[c.Subtype]; kind != "" {
				names = append(names, relation(kind, n.AlterTableStmt.Relation, c.Name))
			}
		}
		return names
	}
	return nil
}

// droppedParts are the actions of ALTER TABLE that drop an object.
var droppedParts = map[pg.AlterTableType]string{
	pg.AlterTableType_AT_DropColumn:     "table column",
	pg.AlterTableType_AT_DropConstraint: "table constraint",
}

// dropStarts finds where the names of droppedNames stand.
func dropStarts(s *lint.Statement) []int32 {
	if s.Node.GetDropStmt() != nil {
		return objectStarts(s.SQL)
	}
	var starts []int32
	for _, c := range alterCommands(s) {
		if droppedParts[c.Subtype] != "" {
			starts = append(starts, c.location)
		}
	}
	return starts
}

// dropKinds are the kinds of objects that rules tell of, in the words of
// PostgreSQL's event triggers. A domain is a type there.
var dropKinds = map[pg.ObjectType]string{
	pg.ObjectType_OBJECT_TABLE:         "table",
	pg.ObjectType_OBJECT_FOREIGN_TABLE: "foreign table",
	pg.ObjectType_OBJECT_VIEW:          "view",
	pg.ObjectType_OBJECT_MATVIEW:       "materialized view",
	pg.ObjectType_OBJECT_INDEX:         "index",
	pg.ObjectType_OBJECT_SEQUENCE:      "sequence",
	pg.ObjectType_OBJECT_TYPE:          "type",
	pg.ObjectType_OBJECT_DOMAIN:        "type",
	pg.ObjectType_OBJECT_FUNCTION:      "function",
	pg.ObjectType_OBJECT_ROUTINE:       "function",
	pg.ObjectType_OBJECT_PROCEDURE:     "procedure",
	pg.ObjectType_OBJECT_AGGREGATE:     "aggregate",
	pg.ObjectType_OBJECT_SCHEMA:        "schema",
	pg.ObjectType_OBJECT_EXTENSION:     "extension",
	pg.ObjectType_OBJECT_PUBLICATION:   "publication",
	pg.ObjectType_OBJECT_TRIGGER:       "trigger",
	pg.ObjectType_OBJECT_POLICY:        "policy",
	pg.ObjectType_OBJECT_RULE:          "rule",

	pg.ObjectType_OBJECT_FOREIGN_SERVER:  "server",
	pg.ObjectType_OBJECT_FDW:             "foreign-data wrapper",
	pg.ObjectType_OBJECT_EVENT_TRIGGER:   "event trigger",
	pg.ObjectType_OBJECT_STATISTIC_EXT:   "statistics object",
	pg.ObjectType_OBJECT_ACCESS_METHOD:   "access method",
	pg.ObjectType_OBJECT_CAST:            "cast",
	pg.ObjectType_OBJECT_COLLATION:       "collation",
	pg.ObjectType_OBJECT_CONVERSION:      "conversion",
	pg.ObjectType_OBJECT_LANGUAGE:        "language",
	pg.ObjectType_OBJECT_OPERATOR:        "operator",
	pg.ObjectType_OBJECT_OPCLASS:         "operator class",
	pg.ObjectType_OBJECT_OPFAMILY:        "operator family",
	pg.ObjectType_OBJECT_TSCONFIGURATION: "text search configuration",
	pg.ObjectType_OBJECT_TSDICTIONARY:    "text search dictionary",
	pg.ObjectType_OBJECT_TSPARSER:        "text search parser",
	pg.ObjectType_OBJECT_TSTEMPLATE:      "text search template",
	pg.ObjectType_OBJECT_TRANSFORM:       "transform",
}

// nameParts reads the forms in which DROP holds the name of an object.
func nameParts(n *pg.Node) []string {
	switch v := n.GetNode().(type) {
	case *pg.Node_String_:
		return []string{v.String_.Sval}
	case *pg.Node_List:
		return words(v.List.Items)
	case *pg.Node_TypeName:
		return words(v.TypeName.Names)
	case *pg.Node_ObjectWithArgs:
		return words(v.ObjectWithArgs.Objname)
	}
	return nil
}

// objectStarts finds where the objects of a DROP stand: the first with the
// statement, the others behind a comma outside brackets.
func objectStarts(sql string) []int32 {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return nil
	}
	starts := []int32{0}
	depth, next := 0, false
	for _, t := range tokens {
		switch t.Token {
		case pg.Token_SQL_COMMENT, pg.Token_C_COMMENT:
			continue
		case pg.Token_ASCII_40:
			depth++
		case pg.Token_ASCII_41:
			depth--
		}
		if next {
			starts = append(starts, t.Start)
		}
		next = depth == 0 && t.Token == pg.Token_ASCII_44
	}
	return starts
}
