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
	depth int    // an upper bound of how deep its tree can be
	err   string // why it must not reach the parser
	at    int    // where, in bytes
}

// split cuts text into statements and comments with PostgreSQL's own scanner.
// What cannot be scanned (an unterminated literal, a NUL byte) is the last
// piece, with the reason; everything before it is unharmed.
func split(text string) (pieces []piece, comments []Span) {
	clean, problem, at := scannable(blankMark(text))
	tokens, err := scan(clean)
	if err != nil {
		clean = clean[:errorOffset(err, clean)]
		tokens, _ = scan(clean)
		if problem == "" {
			problem, at = shorten(err), len(clean)
		}
	}
	s := splitter{}
	for i, t := range tokens {
		t.End = int32(tokenEnd(clean, tokens, i))
		s.token(t)
	}
	if problem == "" {
		s.flush()
		return s.pieces, s.comments
	}
	start := len(clean)
	if s.open {
		start = s.current.Start
	}
	end := len(strings.TrimRight(text, " \t\r\n"))
	bad := piece{Span: Span{start, max(start, end)}, err: problem, at: at}
	return append(s.pieces, bad), s.comments
}

// blankMark hides a byte order mark, which the scanner takes for a letter.
func blankMark(text string) string {
	if rest, found := strings.CutPrefix(text, byteOrderMark); found {
		return strings.Repeat(" ", len(byteOrderMark)) + rest
	}
	return text
}

// scannable returns the part of text that C strings and the scanner can hold.
func scannable(text string) (clean, problem string, at int) {
	for i, r := range text {
		if r == 0 {
			return text[:i], "NUL byte: PostgreSQL ends the text here", i
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return text[:i], "invalid UTF-8; save the file as UTF-8", i
		}
	}
	return text, "", 0
}

func scan(text string) ([]*pg.ScanToken, error) {
	if text == "" {
		return nil, nil
	}
	result, err := pg.Scan(text)
	if err != nil {
		return nil, err
	}
	return result.Tokens, nil
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
func tokenEnd(text string, tokens []*pg.ScanToken, i int) int {
	t := tokens[i]
	if t.Token != pg.Token_USCONST && t.Token != pg.Token_UIDENT {
		return int(t.End)
	}
	next := len(text)
	if i+1 < len(tokens) {
		next = int(tokens[i+1].Start)
	}
	return int(t.Start) + len(strings.TrimRight(text[t.Start:next], " \t\r\n\f"))
}

type splitter struct {
	pieces   []piece
	comments []Span
	current  piece
	open     bool // current has a token
	create   bool // its first token is CREATE
	parens   int
	atomic   int // depth of BEGIN ATOMIC … END and the CASE … END inside
	previous pg.Token
	nesting  nesting
}

func (s *splitter) token(t *pg.ScanToken) {
	if t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT {
		s.comments = append(s.comments, Span{int(t.Start), int(t.End)})
		return
	}
	if t.Token == pg.Token_ASCII_59 && s.parens <= 0 && s.atomic == 0 {
		s.flush()
		return
	}
	if !s.open {
		s.open, s.create = true, t.Token == pg.Token_CREATE
		s.current = piece{Span: Span{Start: int(t.Start)}}
		s.nesting = nesting{}
	}
	s.current.End = int(t.End)
	s.current.depth = max(s.current.depth, s.nesting.add(t.Token))
	s.block(t.Token)
	s.previous = t.Token
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
