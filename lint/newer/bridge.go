package newer

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// Bridge returns a statement with older syntax in place of what is newer, as long as
// before, and what it replaced; the text itself when there is nothing that it knows.
// The tokens are those of the text, in its order; comments may be among them.
func Bridge(text string, tokens []*pg.ScanToken) (older string, found []Construct) {
	b := newBridge(text, tokens)
	for i := 0; i < len(b.tokens); {
		i = max(b.at(i), i+1)
	}
	if len(b.found) == 0 {
		return text, nil
	}
	return string(b.older), b.found
}

// A bridge is a statement on its way to older syntax. What is known of each token is
// noted once: a dump may have a statement of a million.
type bridge struct {
	text   string
	tokens []*pg.ScanToken // without comments
	words  []string        // of the tokens, in upper case
	depth  []int           // how many brackets are open before each token
	inside []int           // the opening bracket that each token stands in, of a closing one its own; -1 for none
	closes []int           // of an opening bracket: where it is closed, or the number of tokens
	commas []int           // how many commas outside of brackets are before each token
	older  []byte
	found  []Construct
}

func newBridge(text string, tokens []*pg.ScanToken) *bridge {
	b := &bridge{text: text, older: []byte(text)}
	open, commas := []int{}, 0
	for _, t := range tokens {
		if t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT || t.Start < 0 || t.End > int32(len(text)) || t.Start > t.End {
			continue
		}
		i, inside, word := len(b.tokens), innermost(open), mapASCII('a', 'z', text[t.Start:t.End])
		if word == ")" && inside >= 0 {
			b.closes[inside] = i
			open = open[:len(open)-1]
		}
		b.tokens, b.words = append(b.tokens, t), append(b.words, word)
		b.depth, b.closes = append(b.depth, len(open)), append(b.closes, 0)
		b.inside, b.commas = append(b.inside, inside), append(b.commas, commas)
		switch {
		case word == "(":
			open = append(open, i)
		case word == "," && len(open) == 0:
			commas++
		}
	}
	for _, i := range open {
		b.closes[i] = len(b.tokens)
	}
	return b
}

// innermost returns the last of the brackets that are open, -1 for none.
func innermost(open []int) int {
	if len(open) == 0 {
		return -1
	}
	return open[len(open)-1]
}

// mapASCII changes the case of the letters from one to another as PostgreSQL does: of
// those of ASCII only, so that "lımıt" is no LIMIT and Ärger no ärger.
func mapASCII(from, to byte, text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return rune(from) <= r && r <= rune(to) }) < 0 {
		return text
	}
	changed := []byte(text)
	for i, c := range changed {
		if from <= c && c <= to {
			changed[i] = c ^ 0x20
		}
	}
	return string(changed)
}

// word returns a token in upper case, "" for one that is not there. Strings and
// quoted names keep their quotes, so that none of them is taken for a word.
func (b *bridge) word(i int) string {
	if i < 0 || i >= len(b.words) {
		return ""
	}
	return b.words[i]
}

// is tells whether the words stand from token i on.
func (b *bridge) is(i int, words ...string) bool {
	for k, w := range words {
		if b.word(i+k) != w {
			return false
		}
	}
	return true
}

// isOneOf tells whether token i is one of the words.
func (b *bridge) isOneOf(i int, words ...string) bool {
	word := b.word(i)
	for _, w := range words {
		if word == w {
			return true
		}
	}
	return false
}

func (b *bridge) start(i int) int { return int(b.tokens[i].Start) }

// end returns where token i-1 ends: ranges of tokens leave out their last index.
func (b *bridge) end(i int) int { return int(b.tokens[i-1].End) }

// write puts older words where the tokens from i up to j stand, if there is room.
func (b *bridge) write(i, j int, words string) bool {
	if i >= j || len(words) > b.end(j)-b.start(i) {
		return false
	}
	place := b.older[b.start(i):b.end(j)]
	for k := range place {
		place[k] = ' '
	}
	copy(place, words)
	return true
}

func (b *bridge) blank(i, j int) { b.write(i, j, "") }

// add notes a construct that the tokens from i up to j are.
func (b *bridge) add(kind Kind, i, j, of int) *Construct {
	b.found = append(b.found, Construct{Kind: kind, Start: b.start(i), End: b.end(j), Of: of, action: b.commas[i]})
	return &b.found[len(b.found)-1]
}

// last returns the end of the bracket that token i stands in, or of the statement.
func (b *bridge) last(i int) int {
	if open := b.inside[i]; open >= 0 {
		return b.closes[open]
	}
	return len(b.tokens)
}

// maxBack is more tokens than a column or a constraint has outside of its brackets.
const maxBack = 200

// back yields the tokens before i that are as deep as it, the nearest first, as far as
// the comma or the bracket before it. Of a bracket in between it yields both ends.
func (b *bridge) back(i int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for k, n := b.before(i), 0; k >= 0 && n < maxBack; k, n = b.before(k), n+1 {
			if b.words[k] == "," || !yield(k) {
				return
			}
		}
	}
}

// before returns the token before k in the bracket that it stands in, -1 for none. Behind
// a bracket that is the one that opens it.
func (b *bridge) before(k int) int {
	switch {
	case b.words[k] == ")" && b.inside[k] >= 0:
		return b.inside[k]
	case k > 0 && b.depth[k-1] == b.depth[k]:
		return k - 1
	}
	return -1
}
