package lint

import (
	"math"
	"sort"
	"strings"
)

// HasStatement reports whether a text is more than comments and blanks. It reads no
// further than it must: a COPY of 100,000 rows begins with a statement.
func HasStatement(text string) bool {
	pieces, _, _ := splitPieces(text, 1)
	return len(pieces) > 0 || strings.HasPrefix(text, byteOrderMark)
}

// Split cuts text into messages of one statement each, with the comments
// before it and its semicolon. Comments behind the last one are its own.
func Split(text string) []Span {
	pieces, comments, _ := splitPieces(text, math.MaxInt)
	if len(pieces) == 0 {
		return []Span{{0, len(text)}}
	}
	spans := make([]Span, len(pieces))
	start := 0
	for i, p := range pieces {
		next := len(text)
		if i+1 < len(pieces) {
			next = pieces[i+1].Start
		}
		end := p.End + semicolonEnd(text[p.End:next], p.End, comments)
		spans[i] = Span{start, end}
		start = end
	}
	spans[len(spans)-1].End = len(text)
	return spans
}

// semicolonEnd returns where the one between two statements ends; 0 for none.
// The gap holds nothing else but space and comments.
func semicolonEnd(gap string, offset int, comments []Span) int {
	for i := 0; ; i++ {
		n := strings.IndexByte(gap[i:], ';')
		if n < 0 {
			return 0
		}
		i += n
		if !offsetInSpans(offset+i, comments) {
			return i + 1
		}
	}
}

// offsetInSpans reports whether an offset lies in one of the spans, which are in order.
func offsetInSpans(offset int, spans []Span) bool {
	i := sort.Search(len(spans), func(i int) bool { return spans[i].End > offset })
	return i < len(spans) && spans[i].Start <= offset
}
