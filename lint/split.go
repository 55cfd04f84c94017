package lint

import (
	"errors"
	"strings"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
)

// A piece is one statement's tokens before it is parsed.
type piece struct {
	Span
	depth  int // an upper bound of how deep its tree can be
	tokens int // without comments, and without rows that are left out
	size   int // bytes of its tokens: comments and space make no tree
	left   leftOut
	err    string // why it must not reach the parser
	at     int    // where, in bytes
	bound  bool   // err is a limit of ours
}

// splitPieces cuts text into statements and comments with PostgreSQL's own scanner.
// What cannot be scanned (an unterminated literal, a NUL byte) is the last
// piece, with the reason; everything before it is unharmed. It stops where the
// first statement beyond the most begins, and returns that place; the length of
// the text otherwise.
func splitPieces(text string, most int) (pieces []piece, comments []Span, end int) {
	clean, bad := scannablePart(blankMark(text))
	s := splitter{most: most}
	at, err := eachWindow(clean, scanWindow, s.window)
	if s.full {
		return s.pieces, s.comments, s.current.Start
	}
	if err != nil && bad.err == "" {
		bad.err, bad.at = shortenError(err), at
	}
	if bad.err == "" {
		s.flush()
		return s.pieces, s.comments, len(text)
	}
	bad.Start = at
	if s.open {
		bad.Start = s.current.Start
	}
	bad.End = max(bad.Start, len(strings.TrimRight(text, " \t\r\n")))
	return append(s.pieces, bad), s.comments, len(text)
}

// blankMark hides a byte order mark, which the scanner takes for a letter.
func blankMark(text string) string {
	if rest, found := strings.CutPrefix(text, byteOrderMark); found {
		return strings.Repeat(" ", len(byteOrderMark)) + rest
	}
	return text
}

// scannablePart returns the part of text that C strings and the scanner can hold,
// and why it ends where it does, if so.
func scannablePart(text string) (clean string, bad piece) {
	if utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 {
		return slowPart(text, bad)
	}
	for i, r := range text {
		if r == 0 {
			text, bad = text[:i], piece{err: "NUL byte: PostgreSQL ends the text here", at: i}
			break
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			text, bad = text[:i], piece{err: "invalid UTF-8; save the file as UTF-8", at: i}
			break
		}
	}
	return slowPart(text, bad)
}

// slowPart cuts off what the scanner would take too long for.
func slowPart(text string, bad piece) (string, piece) {
	if slow := slowRun(text); slow < len(text) {
		return text[:slow], piece{err: errTooSlow.Error(), at: slow, bound: true}
	}
	return text, bad
}

// errorOffset returns where the scanner gave up, in bytes.
func errorOffset(err error, text string) int {
	var pe *parser.Error
	if !errors.As(err, &pe) || pe.Cursorpos <= 0 {
		return 0
	}
	return CharacterOffset(text, pe.Cursorpos-1)
}

// tokenEnd returns where a token ends. Of U&'…' and U&"…" the scanner tells
// only the start; they reach to the next token, without the space before it.
func tokenEnd(text string, tokens []token, i int) int {
	t := tokens[i]
	if t.kind != pg.Token_USCONST && t.kind != pg.Token_UIDENT {
		return int(t.end)
	}
	next := len(text)
	if i+1 < len(tokens) {
		next = int(tokens[i+1].start)
	}
	return int(t.start) + len(strings.TrimRight(text[t.start:next], " \t\r\n\f"))
}

type splitter struct {
	most     int  // pieces
	full     bool // current is the first beyond them
	pieces   []piece
	comments []Span
	current  piece
	open     bool // current has a token
	create   bool // its first token is CREATE
	parens   int
	atomic   int // depth of BEGIN ATOMIC … END and the CASE … END inside
	previous pg.Token
	nesting  nesting
	rows     rows
}

// window takes tokens until there are enough pieces.
func (s *splitter) window(w tokens) (more bool) {
	for i, t := range w.list {
		end := tokenEnd(w.text, w.list, i)
		s.token(t.kind, Span{w.base + int(t.start), w.base + end}, w.text[t.start:end])
		if s.full {
			return false
		}
	}
	return true
}

func (s *splitter) token(kind pg.Token, at Span, text string) {
	if isComment(kind) {
		s.comments = append(s.comments, at)
		return
	}
	if kind == pg.Token_ASCII_59 && s.parens <= 0 && s.atomic == 0 {
		s.flush()
		return
	}
	if !s.open {
		s.full = len(s.pieces) == s.most
		s.open, s.create = true, kind == pg.Token_CREATE
		s.current = piece{Span: Span{Start: at.Start}}
		s.nesting = nesting{outer: s.nesting.outer[:0]}
		s.rows = rows{}
	}
	s.current.End = at.End
	s.current.tokens++
	s.current.size += at.End - at.Start
	s.current.depth = max(s.current.depth, s.nesting.add(kind))
	s.rows.add(kind, at, text, &s.current)
	s.block(kind)
	s.previous = kind
}

// block follows the brackets in which a semicolon does not end the statement:
// parentheses (CREATE RULE) and SQL-standard function bodies.
func (s *splitter) block(t pg.Token) {
	switch {
	case t == pg.Token_ASCII_40:
		s.parens++
	case t == pg.Token_ASCII_41:
		s.parens--
	case t == pg.Token_ATOMIC && s.previous == pg.Token_BEGIN_P && s.create:
		s.atomic++
	case t == pg.Token_CASE && s.atomic > 0:
		s.atomic++
	case t == pg.Token_END_P && s.atomic > 0:
		s.atomic--
	}
}

func (s *splitter) flush() {
	if s.open {
		s.pieces = append(s.pieces, s.current)
	}
	s.open, s.parens, s.atomic, s.previous = false, 0, 0, 0
}
