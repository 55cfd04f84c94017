// Package shelltext writes the commands that messages propose.
package shelltext

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// plain matches what a shell takes as it is.
var plain = lazyregexp.New(`^[A-Za-z0-9_./@%+:,][A-Za-z0-9_./@%+:,=-]*$`)

// Word writes a word so that a shell passes it on as it is: a directory may be called
// "my folder" or "$(reboot)".
func Word(word string) string {
	switch {
	case plain.MatchString(word):
		return word
	case strings.ContainsFunc(word, isControl):
		return "$'" + escape(word) + "'"
	default:
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
}

// Path writes the path of a file, which no program must take for an option: ./-f.
func Path(path string) string {
	if strings.HasPrefix(path, "-") {
		path = "./" + path
	}
	return Word(path)
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// escape writes control characters as bash reads them; reports would leave them out.
func escape(word string) string {
	var b strings.Builder
	for i := range len(word) {
		switch c := word[i]; {
		case isControl(rune(c)):
			fmt.Fprintf(&b, `\x%02x`, c)
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
