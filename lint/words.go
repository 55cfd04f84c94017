package lint

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/migvet/migvet/lint/facts"
)

// A wordIndex tells which texts have a word.
type wordIndex struct {
	migrations map[string][]int // indexes into the base
	statements map[string][]*Statement
}

func (s *search) newIndex() *wordIndex {
	x := &wordIndex{migrations: map[string][]int{}, statements: map[string][]*Statement{}}
	for i, m := range s.base {
		if s.read[i] {
			continue
		}
		hasWord(m.Source, func(word string) bool {
			if known := x.migrations[word]; len(known) == 0 || known[len(known)-1] != i {
				x.migrations[word] = append(known, i)
			}
			return false
		})
	}
	for _, st := range s.open {
		x.add(st)
	}
	s.open = nil
	return x
}

func (x *wordIndex) add(st *Statement) {
	hasWord(st.SQL, func(word string) bool {
		if known := x.statements[word]; len(known) == 0 || known[len(known)-1] != st {
			x.statements[word] = append(known, st)
		}
		return false
	})
}

// lookUp returns what has one of some words that were not looked up before. A
// statement may come twice.
func (x *wordIndex) lookUp(words []string, read []bool) (found []int, statements []*Statement) {
	for _, word := range words {
		for _, i := range x.migrations[word] {
			if !read[i] {
				found = append(found, i)
			}
		}
		statements = append(statements, x.statements[word]...)
		delete(x.migrations, word)
		delete(x.statements, word)
	}
	slices.Sort(found)
	return slices.Compact(found), statements
}

// hasWord reports whether one of the words of a text, in lower case and as long as
// names can be, is what is looked for.
func hasWord(text string, is func(word string) bool) bool {
	for i := 0; i < len(text); {
		if !isWordByte(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isWordByte(text[i]) {
			i++
		}
		if is(strings.ToLower(cutWord(text[start:i]))) {
			return true
		}
	}
	return false
}

func cutWord(word string) string {
	if len(word) <= facts.MaxIdentifier {
		return word
	}
	return word[:characterBoundary(word, facts.MaxIdentifier)]
}

func isWordByte(c byte) bool {
	return c == '_' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
