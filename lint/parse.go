package lint

import (
	"fmt"
	"math"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// maxDepth, in tokens, keeps trees far from where PostgreSQL's parser, compiled
// into this process, overflows its stack: nothing can recover from that. It
// writes the tree out recursively and takes up to 550 bytes a token; so it dies
// of 15,000 nested tokens with the usual 8 MiB of stack, and of 1,900 with 1 MiB.
// Statements people write stay far below.
const maxDepth = 1500

// maxStatement is the longest statement that is parsed, in bytes of its tokens.
// Longer ones are data; they are still tried on the server. A long comment makes
// no statement long, or it would hide the DELETE around it from every rule.
const maxStatement = 1 << 20

// Parse splits text into statements and parses each alone, so that one unknown
// statement never hides its neighbours. It never fails: what does not parse is
// a Statement with a ParseError. It also returns where the comments are.
func Parse(text string) ([]*Statement, []Span) { return parse(text, math.MaxInt, nil) }

// parse is Parse for so many statements; those behind are one.
func parse(text string, most int, a *Allowance) ([]*Statement, []Span) {
	pieces, comments, end := split(text, most)
	statements := make([]*Statement, 0, len(pieces)+1)
	for _, p := range pieces {
		statements = append(statements, parsePiece(text, p, a))
	}
	statements = rest(statements, text, end, tooLong)
	if strings.HasPrefix(text, byteOrderMark) {
		statements = refuseMark(statements)
	}
	return statements, comments
}

// refuseMark says that the server will not take a byte order mark for space.
func refuseMark(statements []*Statement) []*Statement {
	if len(statements) == 0 {
		statements = []*Statement{{End: len(byteOrderMark), SQL: byteOrderMark}}
	}
	if s := statements[0]; s.ParseError == nil {
		s.ParseError = &ParseError{Message: "byte order mark before the first statement; PostgreSQL refuses it, save the file as UTF-8 without BOM"}
	}
	return statements
}

func parsePiece(text string, p piece, a *Allowance) *Statement {
	s := &Statement{Start: p.Start, End: p.End, SQL: text[p.Start:p.End]}
	switch {
	case p.err != "":
		s.ParseError = &ParseError{Message: p.err, Offset: p.at}
		s.Unread = p.bound
	case p.depth > maxDepth:
		s.refuse("nested too deeply to be parsed safely")
	case p.size > maxStatement:
		s.refuse("longer than 1 MiB; not parsed")
	case slowRun(s.SQL) < len(s.SQL):
		s.refuse(errTooSlow.Error())
	case a.spent():
		s.refuse(muchBefore)
	default:
		a.take(p.tokens)
		s.parse()
	}
	return s
}

// refuse notes which limit keeps a statement from the parser.
func (s *Statement) refuse(why string) {
	s.ParseError = &ParseError{Message: why, Offset: s.Start}
	s.Unread = true
}

// Tree returns the parse tree of one statement, nil for what [Parse] would not
// parse.
func Tree(sql string) *pg.Node {
	statements, _ := Parse(sql)
	if len(statements) != 1 {
		return nil
	}
	return statements[0].Node
}

func (s *Statement) parse() {
	result, err := pg.Parse(s.SQL)
	switch {
	case err != nil:
		s.ParseError = &ParseError{Message: shorten(err), Offset: s.Start + errorOffset(err, s.SQL)}
	case len(result.Stmts) != 1:
		s.ParseError = &ParseError{Message: "several statements that cannot be told apart", Offset: s.Start}
	case parts(result.Stmts[0].Stmt) > maxParts:
		s.refuse(fmt.Sprintf("more than %d actions or objects in one statement; not read", maxParts))
	default:
		s.Node = result.Stmts[0].Stmt
	}
}

// maxParts bounds the actions of an ALTER TABLE and the objects of a DROP,
// TRUNCATE or LOCK, which rules hold against each other. A table has at most 1,600 columns:
// https://www.postgresql.org/docs/current/limits.html
const maxParts = 1600

func parts(n *pg.Node) int {
	return max(len(n.GetAlterTableStmt().GetCmds()), len(n.GetDropStmt().GetObjects()),
		len(n.GetTruncateStmt().GetRelations()), len(n.GetLockStmt().GetRelations()))
}

// maxMessage bounds messages of the parser, in bytes: when a literal does not
// end, they repeat the rest of the file.
const maxMessage = 120

func shorten(err error) string {
	line := oneLine(err.Error())
	if len(line) > maxMessage {
		return strings.ToValidUTF8(line[:maxMessage], "") + "…"
	}
	return line
}
