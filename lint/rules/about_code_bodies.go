package rules

import (
	"iter"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/plpgsql"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A body is code that stands in a string: of a DO block, or of a routine.
type body struct {
	routine  string // its name without the schema; "" of a block
	language string
	text     string
	start    int // bytes from the start of the statement to the text
	quoting  quoting

	isBaseTrigger bool // a trigger of the base branch runs it
}

// quoting is how a literal holds its text.
type quoting uint8

const (
	asItIs  quoting = iota
	doubled         // every quote stands twice
	escaped         // with backslashes, or in pieces
)

// bodyOf returns the code in a statement's own text. It reads tokens, which a
// statement has that is too long to be parsed.
func bodyOf(s *lint.Statement) (b body, found bool) {
	if s.Node != nil && s.Node.GetDoStmt() == nil && s.Node.GetCreateFunctionStmt() == nil {
		return b, false
	}
	words := wordsOf(s)
	first := 1
	switch words.at(0) {
	case "do":
	case "create":
		if words.at(1) == "or" {
			first = 3
		}
		if words.at(first) != "function" && words.at(first) != "procedure" {
			return b, false
		}
		b.routine = words.name(first + 1)
		first = words.index("as", first)
	default:
		return b, false
	}
	b.language = words.language()
	return b, b.read(s, words, first)
}

// read takes the first string from a token on that names no language.
func (b *body) read(s *lint.Statement, words wordList, first int) bool {
	for i := first; i < len(words.text); i++ {
		t := words.tokens[i]
		if t.Token != pg.Token_SCONST && t.Token != pg.Token_USCONST || words.at(i-1) == "language" {
			continue
		}
		b.text, b.start, b.quoting = stringValue(s.SQL[t.Start:t.End])
		b.start += int(t.Start)
		return true
	}
	return false
}

// location is where in the statement a byte of the body stands; of a body with
// escapes, where that begins.
func (b body) location(offset int) int32 {
	switch b.quoting {
	case doubled:
		offset += strings.Count(b.text[:offset], "'")
	case escaped:
		offset = 0
	}
	return int32(b.start + offset)
}

// stringValue returns the text of a literal, and where in it the text begins.
func stringValue(literal string) (text string, start int, q quoting) {
	if strings.HasPrefix(literal, "$") {
		start = strings.IndexByte(literal[1:], '$') + 2
		return literal[start : len(literal)-start], start, asItIs
	}
	statements, _ := lint.Parse("SELECT " + literal)
	if len(statements) == 1 {
		text = selectedText(statements[0].Node)
	}
	if literal == "'"+strings.ReplaceAll(text, "'", "''")+"'" {
		return text, 1, doubled
	}
	return text, 0, escaped
}

func selectedText(query *pg.Node) string {
	targets := query.GetSelectStmt().GetTargetList()
	if len(targets) != 1 {
		return ""
	}
	l, _ := sqlvalue.ReadLiteral(targets[0].GetResTarget().GetVal())
	return l.Text
}

// A codeCommand is an SQL command in code that a statement holds or runs.
type codeCommand struct {
	plpgsql.Command
	routine string          // whose body it stands in; "" of a block
	place   func(int) int32 // in the statement, of a byte of the body
}

// location is where in the statement the command stands.
func (c codeCommand) location() int32 { return c.place(c.Start) }

// commands yields the commands in a body, those of a block in it behind the
// block. Of a language that is not read here it is one that can be anything.
func (b body) commands() iter.Seq[codeCommand] {
	return func(yield func(codeCommand) bool) {
		for c := range b.ownCommands() {
			if !yield(codeCommand{c, b.routine, b.location}) {
				return
			}
			for deeper := range b.blocksIn(c) {
				if !yield(deeper) {
					return
				}
			}
		}
	}
}

func (b body) ownCommands() iter.Seq[plpgsql.Command] {
	switch strings.ToLower(b.language) {
	case "plpgsql":
		return plpgsql.Read(b.text)
	case "sql":
		return sqlCommands(b.text)
	}
	return func(yield func(plpgsql.Command) bool) {
		yield(plpgsql.Command{Line: 1, Dynamic: true, Open: true})
	}
}

// sqlCommands yields statements that run one after the other.
func sqlCommands(text string) iter.Seq[plpgsql.Command] {
	return func(yield func(plpgsql.Command) bool) {
		statements, _ := lint.Parse(text)
		for _, s := range statements {
			c := plpgsql.Command{Start: s.Start, End: s.End, Statements: []*lint.Statement{s}, Always: true}
			if !yield(c) {
				return
			}
		}
	}
}

// blocksIn yields the commands of the DO blocks that a command is.
func (b body) blocksIn(c plpgsql.Command) iter.Seq[codeCommand] {
	return func(yield func(codeCommand) bool) {
		for _, s := range c.Statements {
			inner, found := bodyOf(s)
			if !found || inner.routine != "" {
				continue
			}
			for deeper := range inner.commands() {
				outside := codeCommand{deeper.Command, b.routine, func(offset int) int32 {
					if c.Dynamic {
						return b.location(c.Start)
					}
					return b.location(s.Start + int(deeper.place(offset)))
				}}
				outside.Always, outside.Repeated = deeper.Always && c.Always, deeper.Repeated || c.Repeated
				if !yield(outside) {
					return
				}
			}
		}
	}
}
