package lint

import (
	"fmt"
	"math"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/rescue"
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
func Parse(text string) ([]*Statement, []Span) {
	cut := cutUp(text, math.MaxInt)
	statements := cut.admit(nil)
	for _, s := range statements {
		s.parse()
	}
	return statements, cut.comments
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

// parse makes the tree of a statement that was admitted.
func (s *Statement) parse() {
	if !s.pending {
		return
	}
	s.pending = false
	if p := rescue.Do(s.makeTree); p != nil {
		s.panicked, s.Node = p, nil
		s.refuse("the parser " + p.Error())
	}
}

func (s *Statement) makeTree() {
	text := s.parsedText()
	result, err := parseText(text)
	if err != nil {
		if tree := s.parseNewer(text); tree != nil {
			s.take(tree)
			return
		}
		s.ParseError = &ParseError{Message: shortenError(err), Offset: s.Start + errorOffset(err, text)}
		return
	}
	if len(result.Stmts) != 1 {
		s.ParseError = &ParseError{Message: "several statements that cannot be told apart", Offset: s.Start}
		return
	}
	s.take(result.Stmts[0].Stmt)
}

// parseText is the one door to the parser, for a text that was admitted or is as long
// and as deep as one.
func parseText(text string) (*pg.ParseResult, error) { return pg.Parse(text) }

// take gives the statement its tree, if rules can read it in time.
func (s *Statement) take(tree *pg.Node) {
	if countParts(tree) > maxParts {
		s.refuse(fmt.Sprintf("more than %d actions or objects in one statement; not read", maxParts))
		return
	}
	s.Node = tree
}

// maxParts bounds the actions of an ALTER TABLE and the objects of a DROP,
// TRUNCATE or LOCK, which rules hold against each other. A table has at most 1,600 columns:
// https://www.postgresql.org/docs/current/limits.html
const maxParts = 1600

func countParts(n *pg.Node) int {
	return max(len(n.GetAlterTableStmt().GetCmds()), len(n.GetDropStmt().GetObjects()),
		len(n.GetTruncateStmt().GetRelations()), len(n.GetLockStmt().GetRelations()))
}

// maxMessage bounds messages of the parser, in bytes: when a literal does not
// end, they repeat the rest of the file.
const maxMessage = 120

func shortenError(err error) string {
	line := oneLine(err.Error())
	if len(line) > maxMessage {
		return strings.ToValidUTF8(line[:maxMessage], "") + "…"
	}
	return line
}
