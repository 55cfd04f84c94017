package source

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// maxCompared bounds how many migrations a latecomer is compared with.
const maxCompared = 200

// orderMatters tells whether it makes a difference that deployed databases run a new
// migration behind those of the base that are newer, and new databases before them: one of
// them and the latecomer have to do with one object, for all that their texts say.
func (v versions) orderMatters(r *review, late *step) bool {
	compared := 0
	for _, s := range r.before() {
		if s.repeatable || v.order(s.key, late.key) <= 0 {
			continue
		}
		if compared++; compared > maxCompared || areRelated(r.old[s], r.new[late]) {
			return true
		}
	}
	return false
}

// areRelated tells whether two migrations may have to do with one object: one names in its
// text what the other makes, changes or drops. What nobody can read may do anything.
func areRelated(a, b *lint.Migration) bool {
	for _, pair := range [][2]*lint.Migration{{a, b}, {b, a}} {
		if pair[0] == nil || pair[0].Opaque != "" {
			return true
		}
		text := wordsOfText(pair[1])
		for _, s := range pair[0].Statements() {
			names := namesIn(s)
			if len(names) == 0 && s.Node.GetTransactionStmt() == nil && s.Node.GetVariableSetStmt() == nil {
				return true
			}
			for _, n := range names {
				if text[strings.ToLower(n)] {
					return true
				}
			}
		}
	}
	return false
}

// namesIn are the names of the objects that a statement does something to, with those of
// their tables; of a constraint, trigger or other part only its table's.
func namesIn(s *lint.Statement) (names []string) {
	for _, f := range s.Facts() {
		for _, n := range []*facts.Name{&f.Name, f.To} {
			switch {
			case n == nil || n.Kind == facts.Setting:
			case n.Table != "":
				names = append(names, n.Table)
			case n.Name != "":
				names = append(names, n.Name)
			}
		}
	}
	return names
}

// wordsOfText are all words of a migration, in small letters.
func wordsOfText(m *lint.Migration) map[string]bool {
	words := map[string]bool{}
	if m == nil {
		return words
	}
	for _, w := range strings.FieldsFunc(strings.ToLower(m.Source), func(r rune) bool {
		return strings.ContainsRune(" \t\r\n.,;:()[]\"'`$=<>!+-*/|&%@#^~?\\{}", r)
	}) {
		words[w] = true
	}
	return words
}
