package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A liquibaseSplitter parts statements as Liquibase does. It knows quotes,
// comments, and the words BEGIN and END, between which nothing is parted; it
// knows nothing of dollar quotes.
// https://github.com/liquibase/liquibase/blob/master/liquibase-standard/src/main/java/liquibase/util/StringUtil.java (processMultiLineSQL)
type liquibaseSplitter struct {
	text      string
	end       int    // where the text to split ends
	delimiter string // "" for a semicolon, or GO or a slash at the beginning of a line
	newLine   bool   // the delimiter counts at the beginning of a line alone

	chunks []lint.Span
	begin  int           // of the statement
	blocks int           // that are open
	open   map[byte]bool // quotes and comments without an end, by how they begin
}

// https://github.com/liquibase/liquibase/blob/master/liquibase-standard/src/main/javacc/liquibase/util/grammar/SimpleSqlGrammar.jj
var liquibaseToken = lazyregexp.New(`(?s)^(?:--[^\r\n]*|/\*.*?\*/|'(?:''|\\.|[^\\'])*'|"(?:""|\\.|[^\\"])*"|[\pL_$][\pL\d_$#@]*(?:\s*\.\s*[\pL_$][\pL\d_$#@]*)*)`)

func splitLiquibase(text string, all lint.Span, delimiter string) []lint.Span {
	p := liquibaseSplitter{text: text, end: all.End, begin: all.Start, open: map[byte]bool{}}
	delimiter = strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t").Replace(delimiter)
	p.delimiter = strings.TrimLeft(delimiter, "\r\n")
	if p.newLine = p.delimiter != delimiter; p.newLine {
		p.delimiter = strings.TrimSuffix(p.delimiter, "$")
	}
	for i := all.Start; i < all.End; {
		i += p.token(i)
	}
	p.close(all.End)
	return p.chunks
}

// token takes what is at i, and returns how long that is.
func (p *liquibaseSplitter) token(i int) int {
	rest := p.text[i:p.end]
	token := p.next(rest)
	switch {
	case strings.EqualFold(token, "begin") && !p.isTransaction(i+len(token)):
		p.blocks++
	case strings.EqualFold(token, "end") && p.blocks > 0 && !p.isTransaction(i+len(token)):
		p.blocks--
	}
	if n := p.delimits(i, rest, token); n > 0 {
		if p.blocks == 0 {
			p.close(i)
			p.begin = i + n
		}
		return n
	}
	return max(1, len(token))
}

// next returns the token that rest begins with, "" for one character. What has
// no end is looked for once.
func (p *liquibaseSplitter) next(rest string) string {
	first := rest[0]
	if p.open[first] {
		return ""
	}
	token := liquibaseToken.FindString(rest)
	quoted := first == '\'' || first == '"' || strings.HasPrefix(rest, "/*")
	p.open[first] = quoted && token == ""
	return token
}

// delimits returns the length of the delimiter that rest begins with, 0 for
// none.
func (p *liquibaseSplitter) delimits(i int, rest, token string) int {
	atLine := i == 0 || p.text[i-1] == '\n'
	switch {
	case p.delimiter != "":
		whole := token == "" && strings.HasPrefix(rest, p.delimiter) || strings.EqualFold(token, p.delimiter)
		if whole && (atLine || !p.newLine) {
			return len(p.delimiter)
		}
	case rest[0] == ';':
		return 1
	case atLine && (strings.EqualFold(token, "go") || token == "" && rest[0] == '/'):
		return max(1, len(token))
	}
	return 0
}

// isTransaction tells whether the next word makes BEGIN or END one of a
// transaction.
func (p *liquibaseSplitter) isTransaction(i int) bool {
	rest := strings.TrimLeft(p.text[i:p.end], " \t\r\n")
	switch strings.ToLower(liquibaseToken.FindString(rest)) {
	case "transaction", "trans", "backup":
		return true
	}
	return false
}

func (p *liquibaseSplitter) close(at int) {
	if c := trimmedSpan(p.text, lint.Span{Start: p.begin, End: at}); c.Start < c.End {
		p.chunks = append(p.chunks, c)
	}
}
