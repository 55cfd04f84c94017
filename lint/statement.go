package lint

import pg "github.com/pganalyze/pg_query_go/v5"

// A Statement is one SQL statement of a migration.
type Statement struct {
	// Node is the parse tree, nil when the parser does not know the syntax.
	// Locations in it are bytes from Start.
	Node       *pg.Node
	ParseError *ParseError

	Start, End int    // bytes in the file: first to last token, no semicolon
	SQL        string // the text between Start and End
	Chunk      int    // index into Migration.Chunks

	// Rows are what the tool sends behind COPY … FROM STDIN; nil for nothing.
	Rows *string

	// Rest marks what is behind the part of a long file that is parsed; it is
	// many statements.
	Rest bool

	// Effect is what the statement did on a server, nil when it was not tried.
	Effect *Effect
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
