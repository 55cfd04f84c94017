package lint

import "strings"

// A migration is parsed in three steps. Of two migrations, the first and the
// third may be done at once; the second, which spends what they share, is done in
// their order, so that the outcome is always the same.

// parse does all three.
func (m *Migration) parse() {
	if m.done.Load() {
		return
	}
	m.parsing.Lock()
	defer m.parsing.Unlock()
	m.cutUp()
	m.admit()
	for _, s := range m.statements {
		s.parse()
	}
	m.done.Store(true)
}

// cutUp finds where the statements are.
func (m *Migration) cutUp() {
	if m.parsed || m.cuttings != nil {
		return
	}
	if m.Chunks == nil && m.Opaque == "" {
		m.Chunks = []Span{{0, len(m.Source)}}
	}
	m.cuttings = make([]cutting, 0, len(m.Chunks))
	left := maxParsedStatements
	for _, c := range m.Chunks {
		if m.Allowance.spent() {
			return
		}
		cut := cutUpTo(m.Source[c.Start:c.End], maxParsedBytes-c.Start, left)
		left -= len(cut.pieces)
		m.cuttings = append(m.cuttings, cut)
	}
}

// admit makes the statements, and decides which of them get a tree.
func (m *Migration) admit() {
	if m.parsed {
		return
	}
	m.parsed = true
	for i, c := range m.Chunks {
		statements, comments := m.admitChunk(i)
		for _, s := range statements {
			s.shift(c.Start)
			s.Chunk = i
			if rows, sent := m.Rows[i]; sent {
				s.Rows = &rows
			}
			m.statements = append(m.statements, s)
		}
		for _, s := range comments {
			s.Start, s.End = s.Start+c.Start, s.End+c.Start
			if ig, ok := parseIgnore(m.Source, s); ok && len(m.ignores) < maxIgnores {
				m.ignores = append(m.ignores, ig)
			}
		}
	}
	m.cuttings = nil
}

// admitChunk takes all of a chunk for one statement when nothing more may be
// parsed.
func (m *Migration) admitChunk(i int) ([]*Statement, []Span) {
	if m.Allowance.spent() || i >= len(m.cuttings) {
		c := m.Chunks[i]
		return appendUnparsed(nil, m.Source[c.Start:c.End], 0, muchBefore), nil
	}
	return m.cuttings[i].admit(m.Allowance), m.cuttings[i].comments
}

// A cutting is a text in pieces.
type cutting struct {
	text     string
	pieces   []piece
	comments []Span
	end      int // of the last piece; the text behind it becomes one statement
}

func cutUp(text string, most int) cutting {
	c := cutting{text: text}
	c.pieces, c.comments, c.end = splitPieces(text, most)
	return c
}

// cutUpTo cuts up the statements that end in the first bytes of a text, and no
// more of them than most.
func cutUpTo(text string, bytes, most int) cutting {
	if bytes <= 0 || most <= 0 {
		return cutting{text: text}
	}
	if len(text) <= bytes {
		return cutUp(text, most)
	}
	c := cutUp(text[:bytes], most)
	if last := len(c.pieces) - 1; last >= 0 && c.end == bytes {
		c.end, c.pieces = c.pieces[last].Start, c.pieces[:last]
	} else if last < 0 {
		c.end = 0
	}
	c.text = text
	return c
}

// admit makes statements, and counts those against the allowance that get a tree
// from parse.
func (c cutting) admit(a *Allowance) []*Statement {
	statements := make([]*Statement, 0, len(c.pieces)+1)
	for _, p := range c.pieces {
		statements = append(statements, admitPiece(c.text, p, a))
	}
	statements = appendUnparsed(statements, c.text, c.end, tooLong)
	if strings.HasPrefix(c.text, byteOrderMark) {
		statements = refuseMark(statements)
	}
	return statements
}

func admitPiece(text string, p piece, a *Allowance) *Statement {
	s := &Statement{Start: p.Start, End: p.End, SQL: text[p.Start:p.End], left: p.left.moved(-p.Start)}
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
		s.pending = true
	}
	return s
}
