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
	counts []count // counts[i] is of source[:i*stride]
}

// A count says how much of something a text holds.
type count struct {
	characters int
	wide       int // characters that are two in UTF-16
}

func (c count) plus(d count) count { return count{c.characters + d.characters, c.wide + d.wide} }

// stride is how many bytes are counted at most to tell a column: files may be
// one line, and have a finding in every word of it.
const stride = 1 << 10

const byteOrderMark = "\ufeff"

// NewLines indexes a file. Lines end with LF; the CR of CRLF belongs to its
// line.
func NewLines(source string) *Lines {
	starts := []int{0}
	for i := 0; ; {
		n := strings.IndexByte(source[i:], '\n')
		if n < 0 {
			return &Lines{source, starts, countAll(source)}
		}
		i += n + 1
		starts = append(starts, i)
	}
}

func countAll(source string) []count {
	counts := []count{{}}
	for i := 0; i+stride <= len(source); i += stride {
		counts = append(counts, counts[len(counts)-1].plus(countIn(source[i:i+stride])))
	}
	return counts
}

// countIn counts the characters that begin in a part of a text.
func countIn(part string) count {
	c := count{}
	for i := range len(part) {
		if utf8.RuneStart(part[i]) {
			c.characters++
		}
		if part[i] >= 0xf0 {
			c.wide++
		}
	}
	return c
}

// count counts what is before an offset.
func (l *Lines) count(offset int) count {
	return l.counts[offset/stride].plus(countIn(l.source[offset/stride*stride : offset]))
}

// Position returns the place of a byte offset; offsets outside the file are
// moved to its nearest end, offsets inside a character to its start.
func (l *Lines) Position(offset int) Position {
	line, before := l.before(offset)
	return Position{Line: line, Column: before.characters + 1}
}

// UTF16 is Position with columns in units of UTF-16.
func (l *Lines) UTF16(offset int) Position {
	line, before := l.before(offset)
	return Position{Line: line, Column: before.characters + before.wide + 1}
}

// before counts what stands on the line of an offset before it.
func (l *Lines) before(offset int) (line int, c count) {
	line, text := l.Before(offset)
	if text == "" {
		return line, count{}
	}
	start, end := l.starts[line-1], l.starts[line-1]+len(text)
	if strings.HasPrefix(l.source[start:], byteOrderMark) {
		start, end = start+len(byteOrderMark), end+len(byteOrderMark)
	}
	from, to := l.count(start), l.count(end)
	return line, count{to.characters - from.characters, to.wide - from.wide}
}

// Before returns the line of a byte offset and what stands on it before the
// offset, for formats that count columns in other units than characters.
func (l *Lines) Before(offset int) (line int, text string) {
	offset = max(0, min(offset, len(l.source)))
	line = sort.SearchInts(l.starts, offset+1)
	return line, strings.TrimPrefix(l.source[l.starts[line-1]:characterStart(l.source, offset)], byteOrderMark)
}

// startOf returns where the line of an offset begins.
func (l *Lines) startOf(offset int) int {
	return l.starts[sort.SearchInts(l.starts, offset+1)-1]
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

// Around returns so many characters of the line of a position, of them some
// before it, and how many of the line are skipped; all of a line that is shorter.
func (l *Lines) Around(p Position, width, before int) (text string, skipped int) {
	text = l.Text(p.Line)
	if len(text) <= width {
		return text, 0
	}
	start := l.starts[p.Line-1]
	if strings.HasPrefix(l.source[start:], byteOrderMark) {
		start += len(byteOrderMark)
	}
	first := l.count(start).characters
	length := l.count(start+len(text)).characters - first
	if length <= width {
		return text, 0
	}
	skipped = max(0, min(p.Column-1-before, length-width))
	return l.source[l.offset(first+skipped):l.offset(first+skipped+width)], skipped
}

// offset returns where the character begins that so many are before.
func (l *Lines) offset(characters int) int {
	block := sort.Search(len(l.counts), func(i int) bool { return l.counts[i].characters > characters }) - 1
	left := characters - l.counts[block].characters
	for i := block * stride; i < len(l.source); i++ {
		if utf8.RuneStart(l.source[i]) {
			if left == 0 {
				return i
			}
			left--
		}
	}
	return len(l.source)
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
