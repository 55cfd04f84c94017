package lint

import (
	"cmp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/newer"
)

// Mistake says why no version of PostgreSQL can take a statement that does not parse:
// "a comma is missing before b". It is "" for one that has a tree, and for what may be syntax that is
// newer than the parser: an unknown word in a statement that is known.
func (s *Statement) Mistake() string {
	if s.ParseError == nil || s.Node != nil || s.Unread {
		return ""
	}
	if !strings.HasPrefix(s.ParseError.Message, "syntax error") {
		return s.ParseError.Message
	}
	m := misread{text: s.parsedText(), tokens: s.Tokens()}
	if len(m.tokens) == 0 {
		return s.ParseError.Message
	}
	m.at = slices.IndexFunc(m.tokens, func(t *pg.ScanToken) bool { return int(t.Start) >= s.ParseError.Offset-s.Start })
	if letters := s.InvisibleLetters(); len(letters) > 0 {
		return "a " + letters[0].Name + " stands in " + excerpt(letters[0].Within)
	}
	if m.isEarlyEnd(s.ParseError) {
		return "the statement ends too early"
	}
	if newer.Latest(s.Newer) != nil && m.isBalanced() {
		return "" // the newer syntax may be all that is wrong with it
	}
	return m.mistake()
}

// A misread is a statement in which the parser does not know the token at an index.
type misread struct {
	text   string
	tokens []*pg.ScanToken
	at     int
}

func (m misread) isEarlyEnd(e *ParseError) bool {
	return m.at < 0 || strings.HasSuffix(e.Message, "at end of input")
}

func (m misread) word(i int) string {
	if i < 0 || i >= len(m.tokens) {
		return ""
	}
	return m.text[m.tokens[i].Start:m.tokens[i].End]
}

// mistake tries what people get wrong most, and looks whether the parser takes it then.
func (m misread) mistake() string {
	word := m.word(m.at)
	switch {
	case !startsStatement(m.word(0)):
		return m.word(0) + " starts no statement" + DidYouMean(strings.ToUpper(m.word(0)), statementStarts)
	case !m.isBalanced():
		return "its brackets do not match"
	case !isWord(word) && word != "(":
		return "nothing takes " + excerpt(word) + " here"
	case strings.EqualFold(word, m.word(m.at-1)):
		return word + " stands there twice"
	case word != "(" && startsStatement(word) && m.parses(m.text[:m.tokens[m.at].Start]):
		return "a semicolon is missing before " + word
	case m.parses(m.inserted(", ")):
		return "a comma is missing before " + excerpt(word)
	}
	if better := m.respelt(); better != "" {
		return better
	}
	if slices.Contains(placedWords, strings.ToUpper(word)) {
		return "nothing takes " + word + " here"
	}
	return ""
}

// placedWords are COLUMN and the types that the grammar knows: no version has put one where
// none was before. Other keywords come to new places, as in FOR ALL SEQUENCES and in
// FOR ALL TABLES EXCEPT.
var placedWords = []string{
	"BIGINT", "BIT", "BOOLEAN", "CHAR", "CHARACTER", "COLUMN", "DEC", "DECIMAL", "FLOAT", "INT", "INTEGER", "INTERVAL", "NCHAR", "NUMERIC", "REAL",
	"SMALLINT", "TIME", "TIMESTAMP", "VARCHAR",
}

// isBalanced tells whether each bracket is closed.
func (m misread) isBalanced() bool {
	depth := 0
	for i := range m.tokens {
		switch m.word(i) {
		case "(":
			depth++
		case ")":
			depth--
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0
}

func (m misread) parses(text string) bool {
	if parses(text) {
		return true
	}
	tokens, err := Scan(text)
	if err != nil {
		return false
	}
	older, found := newer.Bridge(text, tokens)
	return found != nil && parses(older)
}

func parses(text string) bool {
	result, err := parseText(text)
	return err == nil && len(result.Stmts) == 1
}

func (m misread) inserted(what string) string {
	start := m.tokens[m.at].Start
	return m.text[:start] + what + m.text[start:]
}

// maxRespelt is the longest statement that is parsed again for each word that may be
// meant, in bytes.
const maxRespelt = 32 << 10

// respelt looks for a word that is nearly a keyword: the one that the parser does not
// know, or one of the two before it, which may have passed for a name.
func (m misread) respelt() string {
	if len(m.text) > maxRespelt {
		return ""
	}
	for i := m.at; i >= max(0, m.at-2); i-- {
		if m.tokens[i].Token != pg.Token_IDENT || !isWord(m.word(i)) {
			continue
		}
		for _, keyword := range nearKeywords(m.word(i)) {
			if m.parses(m.text[:m.tokens[i].Start] + keyword + m.text[m.tokens[i].End:]) {
				return m.word(i) + " is no word of SQL; did you mean " + keyword + "?"
			}
		}
	}
	return ""
}

// maxNear bounds how often a statement is parsed again.
const maxNear = 8

// nearKeywords returns the keywords that a word is nearly, the nearest first.
func nearKeywords(word string) []string {
	if len(word) < 3 || len(word) > 20 {
		return nil
	}
	word = strings.ToUpper(word)
	var near []string
	for number, name := range pg.Token_name {
		keyword := strings.TrimSuffix(name, "_P")
		if number > int32(pg.Token_ABORT_P)-1 && editDistance(word, keyword) <= 2 && editDistance(word, keyword) <= len(keyword)/2 {
			near = append(near, keyword)
		}
	}
	slices.SortFunc(near, func(a, b string) int {
		return cmp.Or(cmp.Compare(editDistance(word, a), editDistance(word, b)), strings.Compare(a, b))
	})
	return near[:min(len(near), maxNear)]
}

// statementStarts are the first words of all statements that PostgreSQL 19 and older
// ones have. https://www.postgresql.org/docs/19/sql-commands.html
var statementStarts = []string{
	"ABORT", "ALTER", "ANALYSE", "ANALYZE", "BEGIN", "CALL", "CHECKPOINT", "CLOSE", "CLUSTER", "COMMENT", "COMMIT", "COPY", "CREATE", "DEALLOCATE", "DECLARE",
	"DELETE", "DISCARD", "DO", "DROP", "END", "EXECUTE", "EXPLAIN", "FETCH", "GRANT", "IMPORT", "INSERT", "LISTEN", "LOAD", "LOCK", "MERGE", "MOVE", "NOTIFY",
	"PREPARE", "REASSIGN", "REFRESH", "REINDEX", "RELEASE", "REPACK", "RESET", "REVOKE", "ROLLBACK", "SAVEPOINT", "SECURITY", "SELECT", "SET", "SHOW", "START",
	"TABLE", "TRUNCATE", "UNLISTEN", "UPDATE", "VACUUM", "VALUES", "WAIT", "WITH", "(",
}

func startsStatement(word string) bool {
	return slices.Contains(statementStarts, strings.ToUpper(word))
}

// isWord tells whether a token is a name or a keyword.
func isWord(text string) bool {
	return text != "" && (text[0] == '"' || text[0] == '_' || text[0] >= 0x80 || text[0]|0x20 >= 'a' && text[0]|0x20 <= 'z')
}

// excerpt is a token as a message has it.
func excerpt(token string) string {
	line := oneLine(token)
	if len(line) <= maxExcerpt {
		return line
	}
	return strings.ToValidUTF8(line[:maxExcerpt], "") + "…"
}

const maxExcerpt = 40 // bytes
