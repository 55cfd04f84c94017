package plpgsql

import (
	"iter"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A Command is an SQL command in a body that changes something by its text, or
// may: EXECUTE.
type Command struct {
	Start, End int // bytes in the body, first to last token
	Line       int // as error contexts count: the first line of the body is 1

	// Statements are the command as SQL, counted from the start of the body: one,
	// or those of the text that EXECUTE runs, which all stand where it does.
	Statements []*lint.Statement

	// Dynamic marks EXECUTE. What it runs is known as far as it is constant;
	// Placeholder stands for quoted names and values.
	Dynamic bool

	// Open tells that the text of EXECUTE has parts that can be anything, for
	// which Placeholder stands as well.
	Open bool

	// Always tells that nothing in the body can lead around the command: whenever
	// the body ends without an error, it ran.
	Always bool

	// Repeated tells that it stands in a loop of a body that has no COMMIT, so that all
	// its rounds are one transaction.
	Repeated bool
}

// Read yields the commands of a body in the order they stand in. What is no
// PL/pgSQL has none, or odd ones: whether it is, the server knows.
func Read(body string) iter.Seq[Command] {
	return func(yield func(Command) bool) {
		r := newReader(body)
		for r.at < len(r.tokens) {
			if c, found := r.piece(); found && !yield(c) {
				return
			}
		}
	}
}

// A reader stands at the beginning of a piece: behind a semicolon, or behind a
// word like THEN that statements follow.
type reader struct {
	body   string
	tokens []*pg.ScanToken
	at     int
	line   lineCounter

	depth   int  // of branches and loops
	loops   int  // among them
	leaves  bool // something may have led around what follows
	commits bool
}

func newReader(body string) *reader {
	tokens, err := lint.Scan(body)
	if err != nil {
		return &reader{}
	}
	isComment := func(t *pg.ScanToken) bool {
		return t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT
	}
	r := &reader{body: body, tokens: slices.DeleteFunc(tokens, isComment)}
	r.leaves = r.handles()
	r.commits = slices.ContainsFunc(r.tokens, func(t *pg.ScanToken) bool { return t.Token == pg.Token_COMMIT })
	return r
}

// handles reports whether the body catches errors, each of which leads around the
// rest of a block.
func (r *reader) handles() bool {
	for i := range r.tokens {
		if r.word(i) == "exception" && r.word(i+1) == "when" {
			return true
		}
	}
	return false
}

// word is a token as PL/pgSQL compares it: its keywords are not all SQL's.
func (r *reader) word(i int) string {
	if i >= len(r.tokens) {
		return ""
	}
	t := r.tokens[i]
	return strings.ToLower(r.body[t.Start:t.End])
}

// piece reads one statement, or the words before the statements inside one.
// https://www.postgresql.org/docs/current/plpgsql-control-structures.html
func (r *reader) piece() (c Command, found bool) {
	r.branch()
	switch r.word(r.at) {
	case ";", "begin", "declare", "loop", "else", "exception":
		r.at++
	case "#": // #variable_conflict use_column
		r.at += 3
	case "<<":
		r.at = r.find(r.at, ">>") + 1
	case "if", "elsif", "elseif", "when":
		r.at = r.find(r.at, "then") + 1
	case "case":
		r.at = r.find(r.at+1, "when")
	case "while":
		r.at = r.find(r.at, "loop")
	case "for", "foreach":
		return r.query(r.find(r.at, "in", "loop"), "in", "loop")
	case "return":
		return r.query(r.at+1, "query", ";")
	case "open":
		return r.query(r.find(r.at, "for", ";"), "for", ";")
	default:
		return r.take(r.at, r.find(r.at, ";"))
	}
	return Command{}, false
}

// branch follows what can lead around a command.
func (r *reader) branch() {
	switch r.word(r.at) {
	case "loop":
		r.loops++
		r.depth++
	case "if", "case":
		r.depth++
	case "end":
		switch r.word(r.at + 1) {
		case "loop":
			r.loops--
			r.depth--
		case "if", "case":
			r.depth--
		}
	case "return", "exit", "continue":
		r.leaves = true
	}
}

// find returns where one of the words stands outside of brackets; the end of the
// body when none does.
func (r *reader) find(from int, words ...string) int {
	depth := 0
	for i := from; i < len(r.tokens); i++ {
		word := r.word(i)
		switch word {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		if depth <= 0 && slices.Contains(words, word) {
			return i
		}
	}
	return len(r.tokens)
}

// query reads what stands between two words: a query, EXECUTE, or neither.
func (r *reader) query(at int, behind, until string) (Command, bool) {
	end := r.find(at, until)
	if r.word(at) != behind {
		r.at = end
		return Command{}, false
	}
	return r.take(at+1, end)
}

// take makes a command of the tokens from start to end.
func (r *reader) take(start, end int) (c Command, found bool) {
	r.at = end
	if start >= end {
		return c, false
	}
	c.Start, c.End = int(r.tokens[start].Start), int(r.tokens[end-1].End)
	switch {
	case r.word(start) == "execute":
		expression := r.text(start+1, min(end, r.find(start+1, "into", "using", ";")))
		c.execute(expression)
	case r.writes(start, end):
		c.Statements, _ = lint.Parse(r.withoutTargets(start, end))
	default:
		return c, false
	}
	c.Always = r.depth == 0 && !r.leaves
	c.Repeated = r.loops > 0 && !r.commits
	c.Line = r.line.at(r.body, c.Start)
	for _, s := range c.Statements {
		if s.Start += c.Start; c.Dynamic {
			s.Start = c.Start
		}
	}
	return c, true
}

func (r *reader) text(start, end int) string {
	if start >= end {
		return ""
	}
	return r.body[r.tokens[start].Start:r.tokens[end-1].End]
}

// writes reports whether a piece is worth parsing: an assignment is not, nor is a
// query without a word that writes.
func (r *reader) writes(start, end int) bool {
	if !commandWords[r.word(start)] {
		return false
	}
	for i := start; i < end; i++ {
		if writingWords[r.word(i)] {
			return true
		}
	}
	return false
}

var (
	commandWords = map[string]bool{
		"alter": true, "create": true, "delete": true, "do": true, "drop": true, "insert": true, "merge": true,
		"perform": true, "select": true, "truncate": true, "update": true, "with": true, "(": true,
	}
	writingWords = map[string]bool{
		"alter": true, "create": true, "delete": true, "do": true, "drop": true, "merge": true, "truncate": true, "update": true,
	}
)

// withoutTargets is a command without the INTO of PL/pgSQL, which SQL does not
// have: DELETE … RETURNING id INTO gone. Every place stays true.
func (r *reader) withoutTargets(start, end int) string {
	first := int(r.tokens[start].Start)
	text := []byte(r.text(start, end))
	for i := r.into(start, end); i < end; i = r.into(i+1, end) {
		blank(text[int(r.tokens[i].Start)-first : int(r.tokens[r.targets(i+1, end)-1].End)-first])
	}
	return string(text)
}

// into returns where the INTO of PL/pgSQL stands, and not that of INSERT and MERGE; end when
// there is none.
func (r *reader) into(start, end int) int {
	for i := r.find(start, "into", ";"); i < end; i = r.find(i+1, "into", ";") {
		if before := r.word(i - 1); before != "insert" && before != "merge" {
			return i
		}
	}
	return end
}

// targets returns the end of a list of variables: STRICT a, b.c, d[1].
func (r *reader) targets(at, end int) int {
	if r.word(at) == "strict" {
		at++
	}
	for at++; at < end; at++ {
		switch r.word(at) {
		case ".", ",":
			at++
		case "[":
			at = r.find(at+1, "]")
		default:
			return at
		}
	}
	return end
}

func blank(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

// A lineCounter counts lines forwards.
type lineCounter struct{ offset, lines int }

func (l *lineCounter) at(text string, offset int) int {
	l.lines += strings.Count(text[l.offset:offset], "\n")
	l.offset = offset
	return l.lines + 1
}
