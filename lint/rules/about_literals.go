package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// storesText tells whether literals of the statement are not evaluated now.
func storesText(n *pg.Node) bool {
	switch n.GetNode().(type) {
	case *pg.Node_AlterEnumStmt, *pg.Node_CreateEnumStmt, *pg.Node_CommentStmt, *pg.Node_CreateFunctionStmt:
		return true
	}
	return false
}

// findLiteral returns where a text stands as a string literal, also inside the
// text of a DO block.
func findLiteral(sql, text string) (int32, bool) {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return 0, false
	}
	literal := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	for _, t := range tokens {
		if t.Token != pg.Token_SCONST {
			continue
		}
		written := sql[t.Start:t.End]
		if written == literal {
			return t.Start, true
		}
		if i := strings.Index(written, literal); i >= 0 && strings.HasPrefix(written, "$") {
			return t.Start + int32(i), true
		}
	}
	return 0, false
}
