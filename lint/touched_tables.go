package lint

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint/facts"
)

// A tableName is a table as a statement names it; schema is "" when it does not
// say one.
type tableName struct{ schema, name string }

// String leaves out the schema public, as messages do.
func (t tableName) String() string {
	if t.schema == "" || t.schema == "public" {
		return t.name
	}
	return t.schema + "." + t.name
}

// annotate puts a size behind the first place of a message that names the
// table and not a column of it.
func (t tableName) annotate(message string, size Size) (string, bool) {
	for _, name := range []string{t.schema + "." + t.name, t.name} {
		if end := findName(message, name); end >= 0 {
			return message[:end] + " (" + size.String() + ")" + message[end:], true
		}
	}
	return message, false
}

// findName returns where a name ends that stands alone; -1 when it does not.
func findName(message, name string) int {
	for from := 0; ; {
		i := strings.Index(message[from:], name)
		if i < 0 {
			return -1
		}
		start, end := from+i, from+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(message[:start])
		after, size := utf8.DecodeRuneInString(message[end:])
		if after == '.' { // a column follows, unless the sentence ends
			after, _ = utf8.DecodeRuneInString(message[end+size:])
		}
		if before != '.' && !partOfName(before) && !partOfName(after) {
			return end
		}
		from = end
	}
}

func partOfName(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(`_$"`, r))
}

// touchedTables returns the existing tables that a statement reads, rewrites, empties
// or keeps others from; those it names when no server told.
func touchedTables(s *Statement, e *Effect) []tableName {
	var tables []tableName
	add := func(schema, name string) {
		if t := (tableName{schema, name}); !slices.Contains(tables, t) {
			tables = append(tables, t)
		}
	}
	if e != nil {
		for _, qname := range e.touched() {
			schema, name, _ := strings.Cut(qname, ".")
			add(schema, name)
		}
		if len(tables) > 0 {
			return tables
		}
	}
	if drop := s.Node.GetDropStmt(); drop != nil {
		for _, t := range droppedTables(drop) {
			add(t.schema, t.name)
		}
	}
	facts.WalkMessages(s.Node, func(m proto.Message) bool {
		r, isRelation := m.(*pg.RangeVar)
		if isRelation {
			add(r.Schemaname, r.Relname)
		}
		return !isRelation
	})
	slices.SortFunc(tables, func(a, b tableName) int { return strings.Compare(a.String(), b.String()) })
	return tables
}

// droppedTables returns the tables of DROP TABLE, whose names are lists.
func droppedTables(drop *pg.DropStmt) (tables []tableName) {
	if drop.RemoveType != pg.ObjectType_OBJECT_TABLE {
		return nil
	}
	for _, object := range drop.Objects {
		t := tableName{}
		for _, part := range object.GetList().GetItems() {
			t.schema, t.name = t.name, part.GetString_().GetSval()
		}
		tables = append(tables, t)
	}
	return tables
}

// touched returns the tables, not indexes, of an effect.
func (e *Effect) touched() []string {
	indexes := map[string]bool{}
	var names []string
	for _, l := range slices.Concat(e.Locks, e.Held) {
		indexes[l.Object] = l.Index
		if !l.Index && l.Mode.BlocksWrites() {
			names = append(names, l.Object)
		}
	}
	for _, name := range slices.Concat(e.Rewritten, e.Scanned) {
		if !indexes[name] {
			names = append(names, name)
		}
	}
	for _, loss := range e.Lost {
		names = append(names, loss.Table)
	}
	return names
}
