package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A wordList is the tokens of a statement and their texts in lower case, without
// the quotes of names. Literals longer than names have no text.
type wordList struct {
	tokens []*pg.ScanToken
	text   []string
}

// wordsOf scans a statement, whether the parser knows it or not.
func wordsOf(s *lint.Statement) wordList {
	const longest = 200
	w := wordList{tokens: s.Tokens()}
	for _, t := range w.tokens {
		text := ""
		if t.End-t.Start <= longest {
			text = strings.ToLower(strings.Trim(s.SQL[t.Start:t.End], `"`))
		}
		w.text = append(w.text, text)
	}
	return w
}

// at returns the text of a token; "" beyond the ends.
func (w wordList) at(i int) string {
	if i < 0 || i >= len(w.text) {
		return ""
	}
	return w.text[i]
}

// index returns where a word stands outside of brackets, from a token on; the
// end where it does not.
func (w wordList) index(word string, first int) int {
	depth := 0
	for i := first; i < len(w.text); i++ {
		switch text := w.text[i]; {
		case text == "(":
			depth++
		case text == ")":
			depth--
		case text == word && depth <= 0:
			return i
		}
	}
	return len(w.text)
}

// name returns the last part of the name that begins at a token.
func (w wordList) name(i int) string {
	for w.at(i+1) == "." {
		i += 2
	}
	return w.at(i)
}

// language is what LANGUAGE names, in single quotes or without.
func (w wordList) language() string {
	if name := strings.Trim(w.at(w.index("language", 0)+1), "'"); name != "" {
		return name
	}
	return "plpgsql"
}

// calls returns the names in front of an opening bracket, without schemas.
func (w wordList) calls() map[string]bool {
	names := map[string]bool{}
	for i, word := range w.text {
		if word == "(" && i > 0 {
			names[w.text[i-1]] = true
		}
	}
	return names
}

// wordSet is a set of words.
func wordSet(text string) map[string]bool {
	found := map[string]bool{}
	for _, word := range strings.Fields(text) {
		found[word] = true
	}
	return found
}
