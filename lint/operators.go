package lint

import "strings"

// isOperator tells the characters that PostgreSQL's scanner takes together: it
// reads a run of them to its end, and may then take a single one.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-OPERATORS
func isOperator(c byte) bool {
	switch c {
	case '~', '!', '@', '#', '^', '&', '|', '`', '?', '+', '-', '*', '/', '%', '<', '>', '=':
		return true
	}
	return false
}

// What the scanner may read again of runs of operator characters, in bytes: so
// many for each byte of the text, and so many anyway, which is a banner of 300
// plus signs. 40 KB of /*/*/* took it three seconds.
const (
	rereadPerByte = 8
	rereadAnyway  = 64 << 10
)

// slowRun returns where the run begins with which the scanner would read too
// much again; the length of the text when there is none.
func slowRun(text string) int {
	left := rereadAnyway + rereadPerByte*len(text)
	for i := 0; i < len(text); {
		n := runLength(text[i:])
		if left -= rescannedBytes(text[i : i+n]); left < 0 {
			return i
		}
		i += n + 1
	}
	return len(text)
}

func runLength(text string) int {
	n := 0
	for n < len(text) && isOperator(text[n]) {
		n++
	}
	return n
}

// rescannedBytes returns how many bytes of a run of operator characters the scanner
// reads again at most. It starts over behind each /* of a nested comment and behind
// an operator without its last + and -: *+++ gives *, then +++, ++ and + come again.
func rescannedBytes(run string) int {
	total := 0
	for i := range len(run) {
		switch {
		case strings.HasPrefix(run[i:], "/*"), run[i] == '+', run[i] == '-' && !strings.HasPrefix(run[i:], "--"):
			total += len(run) - i
		}
	}
	return total
}
