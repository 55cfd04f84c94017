package observe

import (
	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// name is a relation as a statement names it: schema ("" for the search path)
// and name.
type name [2]string

// namesIn returns the relations a statement names. ok is false when the text
// cannot tell: unknown syntax, or code that runs other statements.
func namesIn(s *lint.Statement) (names []name, ok bool) {
	switch n := s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExecuteStmt,
		*pg.Node_AlterDomainStmt, *pg.Node_DropOwnedStmt:
		return nil, false
	case *pg.Node_SelectStmt:
		if callsFunction(n.SelectStmt) {
			return nil, false
		}
	case *pg.Node_DropStmt:
		return droppedNames(s.Node.GetDropStmt())
	}
	c := nameCollector{names: []name{}, seen: map[name]bool{}}
	facts.WalkMessages(s.Node, func(m proto.Message) bool {
		r, isRelation := m.(*pg.RangeVar)
		if isRelation {
			c.add(name{r.Schemaname, r.Relname})
		}
		return !isRelation
	})
	return c.names, true
}

// namesInAll returns the relations that migrations name; nil when the text of one
// of their statements cannot tell.
func namesInAll(migrations []*lint.Migration) []name {
	names := []name{}
	for _, m := range migrations {
		for _, s := range m.Statements() {
			more, ok := namesIn(s)
			if !ok {
				return nil
			}
			names = append(names, more...)
		}
	}
	return names
}

// droppedNames reads the lists of names in which DROP holds its objects. What
// else goes with a type or a schema is in no text.
func droppedNames(d *pg.DropStmt) (names []name, ok bool) {
	for _, object := range d.Objects {
		var parts []string
		for _, item := range object.GetList().GetItems() {
			parts = append(parts, item.GetString_().GetSval())
		}
		switch len(parts) {
		case 1:
			names = append(names, name{"", parts[0]})
		case 2, 3:
			names = append(names, name{parts[len(parts)-2], parts[len(parts)-1]})
		}
	}
	return names, len(names) == len(d.Objects)
}

type nameCollector struct {
	names []name
	seen  map[name]bool
}

func (c *nameCollector) add(n name) {
	if !c.seen[n] {
		c.seen[n] = true
		c.names = append(c.names, n)
	}
}
