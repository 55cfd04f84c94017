package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// An InvisibleLetter is a character that shows as a blank or not at all, and that PostgreSQL
// takes for a letter of a name: the no-break space that comes along when SQL is copied from
// a web page.
type InvisibleLetter struct {
	Offset int    // in the statement's text
	Name   string // "no-break space (U+00A0)"
	Within string // the word that it is in, as it is written
}

var invisibleNames = map[rune]string{
	'\u00a0': "no-break space", '\u00ad': "soft hyphen", '\u200b': "zero-width space", '\u200c': "zero-width non-joiner", '\u200d': "zero-width joiner",
	'\u202f': "narrow no-break space", '\u2060': "word joiner", '\u3000': "ideographic space", '\ufeff': "byte order mark",
}

// InvisibleLetters finds the first of each word outside of literals and comments.
func (s *Statement) InvisibleLetters() (found []InvisibleLetter) {
	text := s.parsedText()
	if !strings.ContainsFunc(text, isInvisible) {
		return nil
	}
	for _, t := range s.Tokens() {
		if slices.Contains([]pg.Token{pg.Token_SCONST, pg.Token_USCONST, pg.Token_SQL_COMMENT, pg.Token_C_COMMENT}, t.Token) {
			continue
		}
		word := text[t.Start:t.End]
		for i, r := range word {
			if isInvisible(r) {
				found = append(found, InvisibleLetter{int(t.Start) + i, invisibleName(r), word})
				break
			}
		}
	}
	return found
}

// isInvisible tells of blanks that are none to PostgreSQL, which knows those of ASCII
// alone, and of characters that only format.
func isInvisible(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.Zs, r) || unicode.Is(unicode.Cf, r))
}

func invisibleName(r rune) string {
	if name := invisibleNames[r]; name != "" {
		return fmt.Sprintf("%s (U+%04X)", name, r)
	}
	return fmt.Sprintf("invisible character U+%04X", r)
}
