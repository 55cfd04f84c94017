package lint

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// maxDepth keeps trees far from where PostgreSQL's parser, compiled into this
// process, overflows its stack (tens of thousands of chained operators kill the
// process; nothing can recover it). Statements people write stay below 1,000.
const maxDepth = 4000

// maxStatement is the longest statement that is parsed, in bytes. Longer ones
// are data; they are still tried on the server.
const maxStatement = 1 << 20

// Parse splits text into statements and parses each alone, so that one unknown
// statement never hides its neighbours. It never fails: what does not parse is
// a Statement with a ParseError. It also returns where the comments are.
func Parse(text string) ([]*Statement, []Span) {
	pieces, comments := split(text)
	statements := make([]*Statement, 0, len(pieces))
	for _, p := range pieces {
		statements = append(statements, parsePiece(text, p))
	}
	return statements, comments
}

func parsePiece(text string, p piece) *Statement {
	s := &Statement{Start: p.Start, End: p.End, SQL: text[p.Start:p.End]}
	switch {
	case p.err != "":
		s.ParseError = &ParseError{Message: p.err, Offset: p.at}
	case p.depth > maxDepth:
		s.ParseError = &ParseError{Message: "nested too deeply to be parsed safely", Offset: p.Start}
	case len(s.SQL) > maxStatement:
		s.ParseError = &ParseError{Message: "longer than 1 MiB; not parsed", Offset: p.Start}
	default:
		s.parse()
	}
	return s
}

func (s *Statement) parse() {
	sql := s.SQL
	if rest, found := strings.CutPrefix(sql, byteOrderMark); found {
		s.ParseError = &ParseError{Message: "byte order mark before the first statement; PostgreSQL refuses it, save the file as UTF-8 without BOM", Offset: s.Start}
		s.Start += len(byteOrderMark)
		s.SQL, sql = rest, rest
	}
	result, err := pg.Parse(sql)
	if err != nil {
		s.ParseError = &ParseError{Message: err.Error(), Offset: s.Start + errorOffset(err, sql)}
		return
	}
	if len(result.Stmts) == 1 {
		s.Node = result.Stmts[0].Stmt
	}
}
