package trial

import (
	"encoding/json"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

const (
	maxBody      = 256 << 10 // bytes of a DO block or function that is read
	maxBodyDepth = 4         // of a body in a body: EXECUTE 'DO $$ … $$'
)

// withBodies returns statements and, as far as the parser can see, those in the
// bodies of their DO blocks, functions and procedures. What a body puts together
// as it runs nobody sees before.
func withBodies(statements []*lint.Statement) []*lint.Statement {
	return bodiesBelow(statements, maxBodyDepth)
}

func bodiesBelow(statements []*lint.Statement, depth int) []*lint.Statement {
	all := statements
	if depth == 0 {
		return all
	}
	for _, s := range statements {
		texts, _ := bodiesOf(s)
		for _, text := range texts {
			inner, _ := lint.Parse(text)
			all = append(all[:len(all):len(all)], bodiesBelow(inner, depth-1)...)
		}
	}
	return all
}

// readsBodies reports whether all code in a statement can be read: it is SQL or
// PL/pgSQL that the parser knows, and no longer or deeper than it may be.
func readsBodies(s *lint.Statement) bool {
	for _, inner := range withBodies([]*lint.Statement{s}) {
		if _, read := bodiesOf(inner); !read {
			return false
		}
	}
	return true
}

// bodiesOf returns the pieces of SQL in a statement's bodies; read tells that there
// are no others.
func bodiesOf(s *lint.Statement) (texts []string, read bool) {
	if n := s.Node.GetSelectStmt(); n != nil {
		return constantText(n), true
	}
	language, texts := facts.CodeOf(s.Node)
	switch {
	case len(texts) == 0 || language == "c" || language == "internal":
		return nil, true
	case len(texts[0]) > maxBody || nestsTooDeep(texts[0]):
		return nil, false
	case language == "plpgsql":
		return piecesOf(s.SQL, texts[0])
	default:
		return texts[:1], language == "sql"
	}
}

// constantText is the text in "SELECT 'text'": what EXECUTE 'text' comes to.
func constantText(s *pg.SelectStmt) []string {
	if len(s.TargetList) != 1 || len(s.FromClause) > 0 {
		return nil
	}
	if c := s.TargetList[0].GetResTarget().GetVal().GetAConst().GetSval(); c != nil && strings.Contains(c.Sval, " ") {
		return []string{c.Sval}
	}
	return nil
}

func nestsTooDeep(body string) bool {
	pieces, _ := lint.Parse(body)
	for _, p := range pieces {
		if p.ParseError != nil && strings.Contains(p.ParseError.Message, "nested too deeply") {
			return true
		}
	}
	return false
}

// piecesOf returns the statements and expressions of PL/pgSQL, expressions as a
// SELECT of them.
func piecesOf(sql, body string) (pieces []string, read bool) {
	if _, err := lint.Scan(sql); err != nil {
		return nil, false
	}
	tree, err := treeOf(sql)
	if err != nil && strings.HasSuffix(err.Error(), "is not a known variable") && strings.Count(sql, body) == 1 {
		tree, err = treeOf(strings.Replace(sql, body, plpgsql.WithoutFields(body), 1))
	}
	if err != nil {
		return nil, false // the server may know what it does not
	}
	read = true
	queriesIn(tree, func(query string, assigns bool) {
		texts, found := sqlOf(query, assigns)
		pieces, read = append(pieces, texts...), read && found
	})
	return pieces, read
}

func treeOf(sql string) (tree any, err error) {
	text, err := pg.ParsePlPgSqlToJSON(sql)
	if err != nil {
		return nil, err
	}
	return tree, json.Unmarshal([]byte(text), &tree)
}

// sqlOf is an expression of PL/pgSQL as SQL: a statement, or a SELECT of it. An assignment is
// two: of a[f()] := g(), a[f()] and g(). It is not found where none of these is SQL.
func sqlOf(query string, assigns bool) (texts []string, found bool) {
	if assigns {
		target, value, found := plpgsql.CutAssignment(query)
		return []string{"SELECT " + target, "SELECT " + value}, found && isSQL("SELECT "+target) && isSQL("SELECT "+value)
	}
	for _, text := range []string{query, "SELECT " + query} {
		if isSQL(text) {
			return []string{text}, true
		}
	}
	return nil, false
}

func isSQL(text string) bool { return lint.Tree(text) != nil }

// assignMode is the parse mode of the first kind of assignments, a := 1; a.b := 1 and
// a.b.c := 1 have the next ones.
// https://github.com/postgres/postgres/blob/master/src/include/parser/parser.h
const assignMode = 3

// queriesIn shows each PLpgSQL_expr of a tree.
func queriesIn(tree any, see func(query string, assigns bool)) {
	switch node := tree.(type) {
	case map[string]any:
		if query, ok := node["query"].(string); ok {
			mode, _ := node["parseMode"].(float64)
			see(query, mode >= assignMode)
		}
		for _, value := range node {
			queriesIn(value, see)
		}
	case []any:
		for _, value := range node {
			queriesIn(value, see)
		}
	}
}
