package lint

import (
	"slices"
	"sync"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

// A Statement is one SQL statement of a migration.
type Statement struct {
	// Node is the parse tree, nil when the parser does not know the syntax.
	// Locations in it are bytes from Start.
	Node       *pg.Node
	ParseError *ParseError

	// Newer is what of the statement PostgreSQL 16 refuses, whose grammar the parser has;
	// its places are bytes from Start. The Node has it as far as a tree of 16 can, and is nil
	// where something else is unknown.
	Newer []newer.Construct

	Start, End int    // bytes in the file: first to last token, no semicolon
	SQL        string // the text between Start and End
	Chunk      int    // index into Migration.Chunks

	// Rows are what the tool sends behind COPY … FROM STDIN; nil for nothing.
	Rows *string

	// Rest marks what is behind the part of a long file that is parsed; it is
	// many statements.
	Rest bool

	// Unread is set when a limit of ours keeps the statement from the parser; the
	// ParseError says which.
	Unread bool

	left    leftOut // counted from Start
	pending bool    // Node is wanted and not there yet

	panicked *rescue.Panic // what reading it panicked with

	lock    sync.Mutex // of what follows: several walks ask at once
	tokens  []*pg.ScanToken
	scanned bool
	derived []any
	facts   []facts.Fact
	isRead  bool
}

// Facts returns what the statement does to objects, as its text says it. Nobody
// may change them.
func (s *Statement) Facts() []facts.Fact {
	s.lock.Lock()
	defer s.lock.Unlock()
	if !s.isRead {
		s.isRead = true
		if p := rescue.Do(s.readFacts); p != nil {
			s.panicked = p
		}
	}
	return s.facts
}

func (s *Statement) readFacts() {
	s.facts = facts.Read(s.Node)
	s.markNotEnforced()
}

// Derived returns what derive makes of a statement, which it is asked for once
// for each type. Nobody may change it. It is for what rules ask again and again:
// an ALTER TABLE may have 1,000 actions, and a rule look at all for each.
func Derived[T any](s *Statement, derive func(*Statement) T) T {
	if known, found := derivedOf[T](s); found {
		return known
	}
	made := derive(s)
	s.lock.Lock()
	defer s.lock.Unlock()
	s.derived = append(s.derived, made)
	return made
}

func derivedOf[T any](s *Statement) (known T, found bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	for _, d := range s.derived {
		if known, found = d.(T); found {
			return known, true
		}
	}
	return known, false
}

// A ParseError says why a statement has no parse tree, or a doubtful one.
type ParseError struct {
	Message string
	Offset  int // bytes in the file
}

func (e *ParseError) Error() string { return e.Message }

func (s *Statement) shift(by int) {
	s.Start += by
	s.End += by
	if s.ParseError != nil {
		s.ParseError.Offset += by
	}
}

// Tokens returns the statement's tokens without comments and without rows that
// are LeftOut, their places counted from Start; nil when it cannot be scanned, or
// is unread.
func (s *Statement) Tokens() []*pg.ScanToken {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.scanned || s.Unread {
		return s.tokens
	}
	s.scanned = true
	all, err := Scan(s.parsedText())
	if err != nil {
		return nil
	}
	s.tokens = slices.DeleteFunc(all, func(t *pg.ScanToken) bool { return isComment(t.Token) })
	return s.tokens
}
