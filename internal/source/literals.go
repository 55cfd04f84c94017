package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

var (
	dollarQuote = lazyregexp.New(`^\$(?:[\pL_][\pL\pN_]*)?\$`)
	wordEnd     = lazyregexp.New(`[\pL\pN_$]$`)
)

// notCode returns the length of the literal, quoted name or comment that begins
// at i; 0 for none. One that does not end reaches to the end of the text.
func notCode(text string, i int) int {
	rest := text[i:]
	switch {
	case strings.HasPrefix(rest, "--"):
		return lineLength(rest)
	case strings.HasPrefix(rest, "/*"):
		return blockComment(rest)
	case rest[0] == '\'':
		escapes := i > 0 && (text[i-1] == 'e' || text[i-1] == 'E') && !wordEnd.MatchString(text[max(0, i-5):i-1])
		return stringLength(rest, escapes)
	case rest[0] == '"':
		return stringLength(rest, false)
	case rest[0] == '$' && !wordEnd.MatchString(text[max(0, i-4):i]):
		tag := dollarQuote.FindString(rest)
		if tag == "" {
			return 0
		}
		end := strings.Index(rest[len(tag):], tag)
		if end < 0 {
			return len(rest)
		}
		return end + 2*len(tag)
	}
	return 0
}

func stringLength(text string, escapes bool) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case escapes && text[i] == '\\':
			i++
		case text[i] == quote && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1
		}
	}
	return len(text)
}

func blockComment(text string) int {
	depth := 0
	for i := 0; i+1 < len(text); i++ {
		switch text[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(text)
}
