package changes

import (
	"bytes"
	"errors"
	"io"
	"slices"
)

// A wordSet finds many words in texts at once, each as git grep -w -F -I finds it: with
// no letter, digit or underscore of ASCII before and behind it. What that leaves of a
// word are its runs: "größe" has gr and e, "user-id" user and id. A text has the word
// only where it has the first run, whole, so that one look-up for each run of the text
// is enough for all words. It is read only, for any number of scanners.
type wordSet struct {
	byRun   map[string][]anchoredWord
	without []anchoredWord // have no run, as 名前
	lengths [256]uint64    // of the runs with this first byte; bit 63 is all longer ones
	inRun   [256]bool
	longest int // bytes
}

// An anchoredWord is a word and where its first run is.
type anchoredWord struct {
	id   int // index into the list of words
	text string
	run  int // bytes from the start
}

func newWordSet(words []string) *wordSet {
	s := &wordSet{byRun: map[string][]anchoredWord{}}
	for c := range s.inRun {
		s.inRun[c] = inWord(byte(c))
	}
	for id, text := range words {
		s.longest = max(s.longest, len(text))
		start, end := firstRun(text)
		w := anchoredWord{id: id, text: text, run: start}
		if start == end {
			s.without = append(s.without, w)
			continue
		}
		run := text[start:end]
		s.byRun[run] = append(s.byRun[run], w)
		s.lengths[run[0]] |= lengthBit(len(run))
	}
	return s
}

func lengthBit(length int) uint64 { return 1 << min(length, 63) }

// firstRun finds the first letters, digits and underscores of a word: none where
// start is end.
func firstRun(word string) (start, end int) {
	for start < len(word) && !inWord(word[start]) {
		start++
	}
	end = start
	for end < len(word) && inWord(word[end]) {
		end++
	}
	return start, end
}

func inWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// find calls found for the words of a text that are neither at its start nor at its
// end, once for each place.
func (s *wordSet) find(text []byte, found func(id int)) {
	for at := 0; at < len(text); at++ {
		start := at
		for at < len(text) && s.inRun[text[at]] {
			at++
		}
		if start == at || s.lengths[text[start]]&lengthBit(at-start) == 0 {
			continue
		}
		for _, w := range s.byRun[string(text[start:at])] {
			if w.isAt(text, start-w.run) {
				found(w.id)
			}
		}
	}
	for _, w := range s.without {
		if w.isAnywhere(text) {
			found(w.id)
		}
	}
}

func (w anchoredWord) isAt(text []byte, start int) bool {
	end := start + len(w.text)
	return start > 0 && end < len(text) && !inWord(text[start-1]) && !inWord(text[end]) && string(text[start:end]) == w.text
}

func (w anchoredWord) isAnywhere(text []byte) bool {
	for from := 0; ; from++ {
		next := bytes.Index(text[from:], []byte(w.text))
		if next < 0 {
			return false
		}
		if from += next; w.isAt(text, from) {
			return true
		}
	}
}

const (
	binaryStart = 8000      // bytes of a file among which git looks for a NUL
	windowSize  = 256 << 10 // bytes of a file that are looked at together
)

// A scanner looks for the words in one file after the other. It has a window of a file
// in memory, never the whole.
type scanner struct {
	set    *wordSet
	window []byte
}

func newScanner(set *wordSet) *scanner {
	return &scanner{set: set, window: make([]byte, max(windowSize, 4*set.longest))}
}

// scan calls found for the words of a text, once or more for each; none of a binary
// file. Windows overlap by a word and its neighbours, and there is a line end before
// and behind the text, so that every word has its neighbours in some window.
func (s *scanner) scan(text io.Reader, found func(id int)) error {
	room := s.window[:len(s.window)-1]
	s.window[0] = '\n'
	for have, first := 1, true; ; first = false {
		n, err := io.ReadFull(text, room[have:])
		atEnd := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !atEnd {
			return err
		}
		end := have + n
		if first && slices.Contains(s.window[1:min(end, 1+binaryStart)], 0) {
			return nil
		}
		if atEnd {
			s.window[end] = '\n'
			s.set.find(s.window[:end+1], found)
			return nil
		}
		s.set.find(s.window[:end], found)
		have = copy(s.window, s.window[end-s.set.longest-2:end])
	}
}
