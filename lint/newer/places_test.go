package newer_test

import (
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// TestPlaces holds every place in the trees of bridged statements against the text that
// people wrote: a token begins there, and a name is the name that stands there.
func TestPlaces(t *testing.T) {
	for _, tt := range statements {
		parsed, _ := lint.Parse("/* ü */ " + tt.text)
		if len(parsed) != 1 || parsed[0].Node == nil || parsed[0].ParseError != nil {
			t.Errorf("%s: %v", tt.text, parsed[0].ParseError)
			continue
		}
		s := parsed[0]
		if s.SQL != tt.text || len(s.Newer) != len(tt.kinds) {
			t.Errorf("%s: %q, %v", tt.text, s.SQL, s.Newer)
		}
		starts := map[int32]bool{}
		for _, token := range s.Tokens() {
			starts[token.Start] = true
		}
		facts.WalkMessages(s.Node, func(m proto.Message) bool {
			if at, name, has := placeOf(m); has && (!starts[at] || !strings.HasPrefix(unquoted(s.SQL[at:]), name)) {
				t.Errorf("%s: %T %q is not at %d", tt.text, m, name, at)
			}
			return true
		})
	}
}

// placeOf returns where a node says that it is, and the name that stands there.
func placeOf(m proto.Message) (at int32, name string, has bool) {
	switch n := m.(type) {
	case *pg.RangeVar:
		if n.Schemaname != "" {
			return n.Location, n.Schemaname, true
		}
		return n.Location, n.Relname, true
	case *pg.ColumnRef:
		return n.Location, facts.Words(n.Fields)[0], true
	case *pg.Constraint:
		return n.Location, "", n.Location > 0
	case *pg.ColumnDef:
		return n.Location, n.Colname, n.Location > 0
	case *pg.FuncCall:
		return n.Location, facts.LastWord(n.Funcname), n.Funcformat == pg.CoercionForm_COERCE_EXPLICIT_CALL
	case *pg.OnConflictClause:
		return n.Location, "on", true
	}
	return 0, "", false
}

func unquoted(text string) string { return strings.ToLower(strings.TrimPrefix(text, `"`)) }
