package source

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A step is one migration as its folder lists it, even if it cannot be read.
type step struct {
	name    string // what the tool calls it
	path    string
	number  string   // the leading digits of the name; "" for none
	key     string   // what the tool orders by and writes down, if it goes by versions
	aliases []string // other names by which people call it, such as a tag of Sqitch's plan
	listed  lint.Span
	raw     string // the whole file
	text    string // the file without what does not run forwards, which is blanked
	chunks  []lint.Span
	tx      lint.TxMode

	replaced []lint.Replacement // placeholders that have their values in text
	unfilled string             // the text before comments in it got their values; "" where none did

	copyRows []string  // that go behind COPY … FROM STDIN, in order
	record   quote.SQL // the SQL by which the tool notes it, if that is known early
	own      any       // what only its tool knows of it: Liquibase's *changeset, Drizzle's drizzleEntry

	missing    bool         // there is no such file
	unreadable bool         // the file holds no SQL text
	down       func() *step // makes what takes it back, nil for nothing; nil when there is none

	partOfFile bool   // the file holds more of them: the key tells it from the others
	repeatable bool   // it runs again whenever its text changes
	editable   bool   // the tool accepts another text where it has run
	unordered  bool   // it may come after newer ones
	always     bool   // it runs at every deploy
	opaque     string // why nobody can know what it does; "" for SQL
	code       string // the language that it is written in; "" for SQL
	standIn    string // the file of SQL that runs in its place; "" for none
	cut        bool   // the tool cuts a statement within a body, which is why it is refused
	refused    string // why the tool fails on it before it sends anything; "" when it does not
}

// migration makes what the rest of migvet works on.
func (s *step) migration() *lint.Migration {
	chunks := append([]lint.Span{}, s.chunks...) // not nil: a tool that sends nothing does not send all
	return &lint.Migration{Path: cmp.Or(s.standIn, s.path), Name: s.name, Tx: s.tx, Source: s.text, Replaced: s.replaced, Chunks: chunks, Rows: s.rows(), Opaque: s.opaque, Always: s.always, Repeatable: s.repeatable}
}

// identity is how a step is recognised on the other branch.
func (s *step) identity() string {
	if s.partOfFile || s.hasDescription() {
		return s.key
	}
	return s.name
}

// mayChange tells whether the tool accepts another text where s has run.
func (s *step) mayChange() bool { return s.repeatable || s.editable }

// ownText is the text of a step without the empty lines around it, which come and
// go with other steps of the same file.
func (s *step) ownText() string {
	if s.partOfFile {
		return strings.TrimSpace(s.text)
	}
	return s.text
}

// file is how a step is called in messages about its file.
func (s *step) file() string { return path.Base(s.path) }

// Dates and versions count as one number: 2024-01-15_x, 1.2.0_x.
var leadingDigits = lazyregexp.New(`^[vV]?(\d+(?:[-_.]\d+)*)(?:[-_.]|$)`)

// numberOf returns the number that a migration's name begins with, "" for
// none.
func numberOf(name string) string {
	if m := leadingDigits.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	return ""
}

// keep blanks all of a step but the given part, which is sent as one message.
func (s *step) keep(part lint.Span) {
	s.text = blankText(s.text[:part.Start]) + s.text[part.Start:part.End] + blankText(s.text[part.End:])
	s.chunks = []lint.Span{part}
}

// leave blanks all of a step but the given parts; its messages stay.
func (s *step) leave(parts []lint.Span) {
	text := []byte(blankText(s.text))
	for _, p := range parts {
		copy(text[p.Start:p.End], s.text[p.Start:p.End])
	}
	s.text = string(text)
}

// sendStatements sends what is kept of a step one statement at a time.
func (s *step) sendStatements() {
	var chunks []lint.Span
	for _, part := range s.chunks {
		for _, c := range lint.Split(s.text[part.Start:part.End]) {
			chunks = append(chunks, lint.Span{Start: part.Start + c.Start, End: part.Start + c.End})
		}
	}
	if len(chunks) > maxStatements {
		s.opaque = fmt.Sprintf("it is sent in %d messages, and migvet reads at most %d of a file; split it", len(chunks), maxStatements)
		chunks = nil
	}
	s.chunks = chunks
}

// maxStatements bounds the messages of tools that send each statement by itself:
// a file of 16 MiB may have 8 million, each of which takes memory. Files of rows
// have some 10,000.
const maxStatements = 100_000

var wholeFile = lint.Span{Start: lint.NoPos, End: lint.NoPos}

// dropMark blanks a byte order mark.
func (s *step) dropMark() {
	if rest, found := strings.CutPrefix(s.text, byteOrderMark); found {
		s.text = strings.Repeat(" ", len(byteOrderMark)) + rest
	}
}
