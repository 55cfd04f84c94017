package source

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

// textLines yields the lines of a text, each with its line end.
func textLines(text string) func(yield func(lint.Span) bool) {
	return func(yield func(lint.Span) bool) {
		for start := 0; start < len(text); {
			end := len(text)
			if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
				end = start + n + 1
			}
			if !yield(lint.Span{Start: start, End: end}) {
				return
			}
			start = end
		}
	}
}

// sameText tells whether two texts are equal but for line ends, which git may
// have converted on the way into the working tree.
func sameText(a, b string) bool {
	return a == b || unixLines(a) == unixLines(b)
}

func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

func lineLength(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// onlyComments tells whether every line is empty or a comment.
func onlyComments(text string) bool {
	for at := range textLines(text) {
		if line := strings.TrimSpace(text[at.Start:at.End]); line != "" && !strings.HasPrefix(line, "--") {
			return false
		}
	}
	return true
}
