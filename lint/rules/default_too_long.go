package rules

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultTooLong = &lint.Rule{
	ID: "default-too-long", Group: lint.GroupDefault, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
	Title: "A default is longer than its column",
	Why: "`CREATE TABLE` and `SET DEFAULT` do not measure a default; the first INSERT that leaves the column out does, and fails (SQLSTATE 22001, for `bit` 22026). `ADD COLUMN` fails at once, on an empty table too. " +
		"A cast to the type with its length (`'unknown'::varchar(3)`) cuts the text without a word. `bit(n)` needs exactly n bits.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-character.html",
	Fix:      "Shorten the default or widen the column. `text` with a `CHECK` on the length is easier to change than `varchar(n)`.",
	Explains: []string{"22001", "22026"},
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			if cut, length := cutByCast(d); cut {
				p.Reportf(d.defaultLocation(), "%s is cut to its first %d characters by the cast; shorten it or widen the type", d, length)
				continue
			}
			if problem := tooLong(d); problem != "" && !d.refuted(p) {
				p.Reportf(d.defaultLocation(), "%s %s; %s", d, problem, d.outcome())
			}
		}
	},
}

// cutByCast tells whether an explicit cast shortens a text, and to what length.
func cutByCast(d constantDefault) (cut bool, length int) {
	if len(d.Casts) == 0 || d.Kind != sqlvalue.StringLiteral {
		return false, 0
	}
	t := d.InputType(d.typ)
	if !t.Is("varchar", "bpchar") || len(t.Mods) != 1 {
		return false, 0
	}
	return countCharacters(d.Text) > t.Mods[0], t.Mods[0]
}

// countCharacters counts as PostgreSQL does: spaces at the end are cut silently.
func countCharacters(text string) int { return utf8.RuneCountInString(strings.TrimRight(text, " ")) }

func tooLong(d constantDefault) string {
	if len(d.typ.Mods) != 1 {
		return ""
	}
	limit := d.typ.Mods[0]
	switch {
	case d.typ.Is("varchar", "bpchar") && d.Kind != sqlvalue.BitLiteral && d.OnlyCastTo("text", "varchar", "bpchar"):
		if strings.ContainsAny(d.Text, ".eE") && d.Kind == sqlvalue.NumberLiteral {
			return "" // how it is printed depends
		}
		if n := countCharacters(d.Text); n > limit {
			return lengthProblem(n, "characters", d.typ)
		}
	case d.typ.Is("bit", "varbit") && len(d.Casts) == 0 && (d.Kind == sqlvalue.BitLiteral || d.Kind == sqlvalue.StringLiteral):
		if n := countBits(d.Text); n > limit || (n != limit && d.typ.Name == "bit") {
			return lengthProblem(n, "bits", d.typ)
		}
	}
	return ""
}

func lengthProblem(n int, unit string, t sqlvalue.Type) string {
	return fmt.Sprintf("has %d %s, which do not fit %s", n, unit, t)
}

// countBits counts the bits of a bit string: x1F, b101 or 101.
func countBits(text string) int {
	switch {
	case strings.HasPrefix(text, "x") || strings.HasPrefix(text, "X"):
		return 4 * (len(text) - 1)
	case strings.HasPrefix(text, "b") || strings.HasPrefix(text, "B"):
		return len(text) - 1
	}
	return len(text)
}
