package source

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

// blankText keeps the lines and makes spaces of the rest, so that offsets stay
// true.
func blankText(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
	return string(b)
}

// trimmedSpan leaves out white space at both ends.
func trimmedSpan(text string, at lint.Span) lint.Span {
	part := text[at.Start:at.End]
	left := len(part) - len(strings.TrimLeft(part, " \t\r\n\v\f"))
	right := len(strings.TrimRight(part, " \t\r\n\v\f"))
	return lint.Span{Start: at.Start + min(left, right), End: at.Start + right}
}

// blankSpans overwrites parts of a text with blanks.
func blankSpans(text string, spans []lint.Span) string {
	b := []byte(text)
	for _, s := range spans {
		copy(b[s.Start:s.End], blankText(text[s.Start:s.End]))
	}
	return string(b)
}
