package lint

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// A Position is a place in a file as people and editors count it.
type Position struct {
	Line   int // from 1
	Column int // in characters (code points), from 1; a byte order mark is none
}

// Lines converts byte offsets of one file to positions. It is the only place
// where bytes become lines and columns.
type Lines struct {
	source string
	starts []int
}

const byteOrderMark = "\ufeff"

// NewLines indexes a file. Lines end with LF; the CR of CRLF belongs to its
// line.
func NewLines(source string) *Lines {
	starts := []int{0}
	for i := 0; ; {
		n := strings.IndexByte(source[i:], '\n')
		if n < 0 {
			return &Lines{source, starts}
		}
		i += n + 1
		starts = append(starts, i)
	}
}

// Position returns the place of a byte offset; offsets outside the file are
// moved to its nearest end, offsets inside a character to its start.
func (l *Lines) Position(offset int) Position {
	line, before := l.Before(offset)
	return Position{Line: line, Column: utf8.RuneCountInString(before) + 1}
}

// Before returns the line of a byte offset and what stands on it before the
// offset, for formats that count columns in other units than characters.
func (l *Lines) Before(offset int) (line int, text string) {
	offset = max(0, min(offset, len(l.source)))
	line = sort.SearchInts(l.starts, offset+1)
	return line, strings.TrimPrefix(l.source[l.starts[line-1]:characterStart(l.source, offset)], byteOrderMark)
}

// characterStart returns where the character begins that a byte belongs to.
func characterStart(text string, offset int) int {
	for i := offset; i >= 0 && i > offset-utf8.UTFMax && i < len(text); i-- {
		if _, size := utf8.DecodeRuneInString(text[i:]); i+size > offset && size > 1 {
			return i
		}
	}
	return offset
}

// Text returns a line (from 1) without its line end.
func (l *Lines) Text(line int) string {
	if line < 1 || line > len(l.starts) {
		return ""
	}
	end := len(l.source)
	if line < len(l.starts) {
		end = l.starts[line] - 1
	}
	return strings.TrimSuffix(strings.TrimPrefix(l.source[l.starts[line-1]:end], byteOrderMark), "\r")
}

// CharacterOffset converts a count of characters, as the server reports
// positions, to bytes. It never leaves the text.
func CharacterOffset(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
}
