package mention

import (
	"strings"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/lazyregexp"
)

func (p place) word() string { return p.code[p.start:p.end] }

func (p place) before() byte {
	if p.start == 0 {
		return ' '
	}
	return p.code[p.start-1]
}

func (p place) after() byte {
	if p.end == len(p.code) {
		return ' '
	}
	return p.code[p.end]
}

// qualifier is what stands before the word and a dot: o in o.status, "o"."status",
// o?.status and o->status.
func (p place) qualifier() string {
	head := strings.TrimRight(p.code[:p.start], `"`+"`")
	for _, mark := range []string{"?.", "!.", ".", "->", "::"} {
		if rest, ok := strings.CutSuffix(head, mark); ok {
			return lastWord(strings.TrimRight(rest, `"`+"`"))
		}
	}
	return ""
}

func lastWord(text string) string {
	start := len(text)
	for start > 0 && isWord(text[start-1]) {
		start--
	}
	return text[start:]
}

// isInPath tells whether the word is a part of a path, an address, a class of CSS or a
// name with dashes: /orders/status, text-status.
func (p place) isInPath() bool {
	before, after := p.before(), p.after()
	return before == '/' || after == '/' || before == '-' || after == '-' && !strings.HasPrefix(p.code[p.end:], "->") || before == '$' || before == '@' && !strings.Contains(p.code, "= @")
}

func (p place) isCall() bool { return p.after() == '(' }

// isQuoted tells whether quotes hold the word alone.
func (p place) isQuoted() bool {
	return strings.IndexByte("\"'`", p.before()) >= 0 && p.before() == p.after() || p.before() == ':'
}

// sqlWord is what makes a line a part of a statement of SQL.
var sqlWord = lazyregexp.New(`\b(?:SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|SET|JOIN|VALUES|RETURNING|ORDER BY|GROUP BY|CONFLICT)\b|(?:^\s*|["'` + "`]" + `)(?:select|insert into|update|delete from|from|where|set|join|left join|values|returning|order by|group by|on conflict)\s`)

func hasSQL(code string) bool { return sqlWord.MatchString(code) }

// isProse tells whether the word is one of a sentence: in a string with other words that
// are no SQL, or between two words that no programming language has in a row.
func (p place) isProse() bool {
	if hasSQL(p.code) {
		return false
	}
	if start, end, is := stringAround(p.code, p.start); is {
		return isSentence(p.code[start:end])
	}
	return isPlain(strings.TrimSuffix(p.code[:p.start], " "), p.before(), true) && isPlain(strings.TrimPrefix(p.code[p.end:], " "), p.after(), false)
}

// isSentence tells whether a text has three words or more in a row.
func isSentence(text string) bool {
	inRow := 0
	for _, w := range strings.Fields(text) {
		if strings.Trim(w, ".,:;!?'’\"()") == "" || strings.IndexFunc(strings.Trim(w, ".,:;!?'’\"()"), isNoLetter) >= 0 {
			inRow = 0
			continue
		}
		if inRow++; inRow == 3 {
			return true
		}
	}
	return false
}

func isNoLetter(r rune) bool { return r < utf8.RuneSelf && !isLetter(byte(r)) }

// isPlain tells whether the text ends, or begins, with a word that is neither a keyword
// nor touches what code has.
func isPlain(text string, between byte, isBefore bool) bool {
	if between != ' ' {
		return false
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return false
	}
	word, _, _ := strings.Cut(fields[0], "<")
	if isBefore {
		word = fields[len(fields)-1]
		word = word[strings.LastIndexByte(word, '>')+1:]
	}
	return len(word) > 1 && strings.IndexFunc(strings.TrimRight(word, ".,!?"), isNoLetter) < 0 && !keywords[word]
}
