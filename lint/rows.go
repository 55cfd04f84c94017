package lint

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// leftOut are the rows of an INSERT … VALUES that the tree leaves out: they are
// constants of the same kinds as a row before them. Of
//
//	INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, 'c')
//
// they are the second and the fourth.
type leftOut struct {
	spans []Span // in order, each from the comma before a row on; neighbours are one
	rows  int
}

// maxKinds bounds the rows that later ones are compared with, in each INSERT.
const maxKinds = 100

// Where in INSERT INTO t (a, b) VALUES (1, -2), (3, 4) RETURNING a the last token is.
type place uint8

const (
	atStart    place = iota
	inHead           // before VALUES
	beforeRow        // a row follows
	inRow            // a constant or its sign follows
	behindSign       // a number follows
	behindConstant
	inOtherRow // one with expressions
	behindRow
	elsewhere // no row follows, or none that is understood
)

// rows finds the rows that are leftOut of a statement, token by token: (3, 4) behind
// (1, 2) in VALUES (1, 2), (3, 4). It understands rows of constants only and leaves
// all other text to the parser.
type rows struct {
	place  place
	parens int
	kinds  []byte          // of the constants of this row
	known  map[string]bool // kinds of the rows that have a tree
	end    int             // of the row before
	comma  int             // where the one before this row stands
	tokens int             // of the statement before it
	size   int
}

// add takes the next token of a statement, which p counts already.
func (r *rows) add(kind pg.Token, at Span, text string, p *piece) {
	switch kind {
	case pg.Token_ASCII_40:
		r.parens++
	case pg.Token_ASCII_41:
		r.parens--
	}
	switch r.place {
	case atStart:
		r.place = elsewhere
		if kind == pg.Token_INSERT {
			r.place = inHead
		}
	case inHead:
		r.head(kind)
	case beforeRow:
		r.open(kind)
	case inRow, behindSign, behindConstant:
		r.inside(kind, at, text, p)
	case inOtherRow:
		if r.parens == 0 {
			r.place, r.end = behindRow, at.End
		}
	case behindRow:
		r.behind(kind, at, p)
	}
}

// head waits for VALUES. A query in its place is not understood.
func (r *rows) head(kind pg.Token) {
	switch {
	case r.parens > 0:
	case kind == pg.Token_VALUES:
		r.place = beforeRow
	case kind == pg.Token_SELECT || kind == pg.Token_WITH || kind == pg.Token_TABLE:
		r.place = elsewhere
	}
}

func (r *rows) open(kind pg.Token) {
	r.place, r.kinds = elsewhere, r.kinds[:0]
	if kind == pg.Token_ASCII_40 {
		r.place = inRow
	}
}

// behind notes where the comma before a row stands, with which it is left out.
func (r *rows) behind(kind pg.Token, at Span, p *piece) {
	r.place = elsewhere
	if kind == pg.Token_ASCII_44 {
		r.place, r.comma = beforeRow, at.Start
		r.tokens, r.size = p.tokens-1, p.size-1
	}
}

func (r *rows) inside(kind pg.Token, at Span, text string, p *piece) {
	switch {
	case r.place != behindConstant:
		r.constant(kind, text)
	case kind == pg.Token_ASCII_44:
		r.place = inRow
	case kind == pg.Token_ASCII_41 && r.parens == 0:
		r.close(at, p)
	default:
		r.place = inOtherRow
	}
	if r.place == inOtherRow && r.parens == 0 {
		r.place, r.end = behindRow, at.End
	}
}

// Kinds of constants, as far as rules tell them apart.
const (
	kindSign    byte = '-'
	kindZero    byte = '0'
	kindInteger byte = '1'
	kindFloat   byte = '.'
	kindString  byte = 's'
	kindNull    byte = 'n'
	kindBool    byte = 'b'
	kindDefault byte = 'd'
)

// constant takes one of a row, or its sign.
func (r *rows) constant(kind pg.Token, text string) {
	next := behindConstant
	switch {
	case kind == pg.Token_ICONST || kind == pg.Token_FCONST:
		r.kinds = append(r.kinds, numberKind(kind, text))
	case r.place == behindSign:
		next = inOtherRow
	case kind == pg.Token_ASCII_45:
		r.kinds, next = append(r.kinds, kindSign), behindSign
	case kind == pg.Token_SCONST:
		r.kinds = append(r.kinds, kindString)
	case kind == pg.Token_NULL_P:
		r.kinds = append(r.kinds, kindNull)
	case kind == pg.Token_TRUE_P || kind == pg.Token_FALSE_P:
		r.kinds = append(r.kinds, kindBool)
	case kind == pg.Token_DEFAULT:
		r.kinds = append(r.kinds, kindDefault)
	default:
		next = inOtherRow
	}
	r.place = next
}

func numberKind(kind pg.Token, text string) byte {
	switch {
	case strings.Trim(text, "0.") == "":
		return kindZero
	case kind == pg.Token_FCONST:
		return kindFloat
	}
	return kindInteger
}

// close ends a row of constants: it is left out if one like it has a tree.
func (r *rows) close(at Span, p *piece) {
	if r.known[string(r.kinds)] {
		r.leaveOut(at.End, p)
	} else if len(r.known) < maxKinds {
		if r.known == nil {
			r.known = map[string]bool{}
		}
		r.known[string(r.kinds)] = true
	}
	r.place, r.end = behindRow, at.End
}

func (r *rows) leaveOut(end int, p *piece) {
	p.tokens, p.size = r.tokens, r.size
	p.left.rows++
	last := len(p.left.spans) - 1
	if last >= 0 && p.left.spans[last].End == r.end {
		p.left.spans[last].End = end
		return
	}
	p.left.spans = append(p.left.spans, Span{r.comma, end})
}

// moved returns the same rows in another count of bytes.
func (l leftOut) moved(by int) leftOut {
	for i := range l.spans {
		l.spans[i].Start += by
		l.spans[i].End += by
	}
	return l
}

// LeftOut returns how many rows of an INSERT … VALUES have no part in Node and
// Tokens: rows of constants, where a row before them has constants of the same
// kinds. A seed of 100,000 rows so has a tree of a few.
func (s *Statement) LeftOut() int { return s.left.rows }

// SameLeftOut reports whether two statements have the same rows that are LeftOut,
// however they are spaced and commented.
func SameLeftOut(a, b *Statement) bool {
	return a.left.rows == b.left.rows && (a.left.rows == 0 || a.leftOutText() == b.leftOutText())
}

// leftOutText returns the tokens of the rows that are left out, with a blank
// behind each. Line ends in literals are those of Unix: git may have converted them.
func (s *Statement) leftOutText() string {
	var b strings.Builder
	for _, at := range s.left.spans {
		// The file was scanned as a whole before, without an error.
		_, _ = eachWindow(s.SQL[at.Start:at.End], scanWindow, func(w tokens) bool {
			for _, t := range w.list {
				if !isComment(t.kind) {
					b.WriteString(w.text[t.start:t.end])
					b.WriteByte(' ')
				}
			}
			return true
		})
	}
	return strings.ReplaceAll(b.String(), "\r\n", "\n")
}

// parsedText is the statement with blanks in place of the rows that are left out,
// so that positions in it stay the same.
func (s *Statement) parsedText() string { return withBlanks(s.SQL, s.left.spans) }

// withBlanks returns a text with blanks in place of spans.
func withBlanks(text string, spans []Span) string {
	if len(spans) == 0 {
		return text
	}
	b := []byte(text)
	for _, s := range spans {
		for i := s.Start; i < s.End; i++ {
			b[i] = ' '
		}
	}
	return string(b)
}
