package facts

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// CodeOf returns the code that a DO block, a function or a procedure holds as text, with its
// language in lower case; no texts for other statements, and for a body in SQL's standard
// form. Functions in C have two texts: a file and a symbol.
func CodeOf(statement *pg.Node) (language string, texts []string) {
	switch n := statement.GetNode().(type) {
	case *pg.Node_DoStmt:
		return readCode(n.DoStmt.Args, "plpgsql")
	case *pg.Node_CreateFunctionStmt:
		return readCode(n.CreateFunctionStmt.Options, "sql")
	}
	return "", nil
}

// readCode reads AS 'text' and LANGUAGE; language is what stands for none.
func readCode(options []*pg.Node, language string) (string, []string) {
	if name, found := Option(options, "language"); found {
		language = strings.ToLower(name.GetString_().GetSval())
	}
	as, _ := Option(options, "as")
	if text := as.GetString_(); text != nil {
		return language, []string{text.Sval}
	}
	return language, Words(as.GetList().GetItems())
}
