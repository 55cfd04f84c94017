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

// A bridge is a statement on its way to older syntax.
type bridge struct {
	text   string
	tokens []*pg.ScanToken // without comments
	words  []string        // of the tokens, in upper case
	depth  []int           // how many brackets are open before each token
	closes []int           // of an opening bracket: where it is closed, or the number of tokens
	older  []byte
	found  []Construct
}

func newBridge(text string, tokens []*pg.ScanToken) *bridge {
	b := &bridge{text: text, older: []byte(text)}
	var open []int
	for _, t := range tokens {
		if t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT || t.Start < 0 || t.End > int32(len(text)) || t.Start > t.End {
			continue
		}
		i := len(b.tokens)
		word := strings.ToUpper(text[t.Start:t.End])
		if word == ")" && len(open) > 0 {
			b.closes[open[len(open)-1]] = i
			open = open[:len(open)-1]
		}
		b.tokens, b.words = append(b.tokens, t), append(b.words, word)
		b.depth, b.closes = append(b.depth, len(open)), append(b.closes, 0)
		if word == "(" {
			open = append(open, i)
		}
	}
	for _, i := range open {
		b.closes[i] = len(b.tokens)
	}
	return b
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
	b.found = append(b.found, Construct{Kind: kind, Start: b.start(i), End: b.end(j), Of: of, action: b.action(i)})
	return &b.found[len(b.found)-1]
}

// action counts the actions of an ALTER TABLE that are before token i.
func (b *bridge) action(i int) int {
	n := 0
	for k := range i {
		if b.depth[k] == 0 && b.words[k] == "," {
			n++
		}
	}
	return n
}

// opened returns the opening bracket that token i stands in; -1 for none.
func (b *bridge) opened(i int) int {
	for k := i - 1; k >= 0; k-- {
		if b.words[k] == "(" && b.closes[k] >= i {
			return k
		}
	}
	return -1
}

// last returns the end of the bracket that token i stands in, or of the statement.
func (b *bridge) last(i int) int {
	if open := b.opened(i); open >= 0 {
		return b.closes[open]
	}
	return len(b.tokens)
}

// back yields the tokens before i that are as deep as it, the nearest first, as far as
// the comma or the bracket before it.
func (b *bridge) back(i int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for k := i - 1; k >= 0 && b.depth[k] >= b.depth[i]; k-- {
			if b.depth[k] > b.depth[i] {
				continue
			}
			if b.words[k] == "," || !yield(k) {
				return
			}
		}
	}
}
