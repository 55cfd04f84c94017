package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var invisibleCharacter = &lint.Rule{
	ID: "invisible-character", Group: lint.GroupMeta, Severity: lint.Warning,
	Title: "A name has a character that nobody sees",
	Why: "SQL that was copied from a web page or a chat brings no-break spaces (U+00A0) and zero-width spaces (U+200B) along. PostgreSQL knows the blanks of ASCII alone, and takes all others for letters: " +
		"`ADD COLUMN nick` with such a blank adds a column `COLUMN nick`, and every query that names `nick` fails (`42703`). Where a word of SQL is meant, the statement is refused, and this is an error.\n\n" +
		"https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
	Fix:      "Delete the character, and type a blank where one is meant. `LC_ALL=C grep -nP '[\\x80-\\xff]' FILE` shows the lines.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		letters := p.Statement.InvisibleLetters()
		if len(letters) == 0 {
			return
		}
		refused := p.Statement.ParseError != nil
		made := newNames(p)
		for _, l := range letters {
			word := strings.ReplaceAll(strings.Trim(l.Within, `"`), `""`, `"`)
			isMade := slices.ContainsFunc(made, func(n facts.Name) bool { return strings.EqualFold(n.Name, word) })
			if !refused && !isMade {
				continue // a name that is there, perhaps to be corrected
			}
			f := p.Reportf(int32(l.Offset), "a %s stands here, which PostgreSQL takes for a letter of the name; delete it, or type a blank", l.Name)
			if refused {
				f.Severity = lint.Error
			}
		}
	},
}
