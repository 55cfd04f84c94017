package source

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Joined finds the migration that makes again what several others make, as a file does that
// joins them for new databases: 000_all.sql. It returns those others, too; nil for none.
func (s *Source) Joined() (joined *lint.Migration, others []*lint.Migration) {
	makers := map[string][]*lint.Migration{}
	made := map[*lint.Migration][]string{}
	for m := range s.History.All() {
		made[m] = madeBy(m)
		for _, key := range made[m] {
			makers[key] = append(makers[key], m)
		}
	}
	for m := range s.History.All() {
		if joined != nil && len(made[m]) <= len(made[joined]) {
			continue
		}
		if again := othersThatMake(m, made[m], makers); again != nil {
			joined, others = m, again
		}
	}
	return joined, others
}

// othersThatMake are the migrations that make nearly all that one makes, at least two; nil
// for fewer.
func othersThatMake(m *lint.Migration, made []string, makers map[string][]*lint.Migration) (others []*lint.Migration) {
	again := 0
	for _, key := range made {
		if len(makers[key]) < 2 {
			continue
		}
		again++
		for _, other := range makers[key] {
			if other != m && !slices.Contains(others, other) {
				others = append(others, other)
			}
		}
	}
	if len(others) < 2 || again*5 < len(made)*4 { // it may be behind by the latest of them
		return nil
	}
	return others
}

// madeBy are the objects that a migration makes and leaves there, each once.
func madeBy(m *lint.Migration) (made []string) {
	for _, s := range m.Statements() {
		for _, f := range s.Facts() {
			key := strayKey(f.Name)
			switch {
			case f.Verb&facts.Made != 0 && !slices.Contains(made, key):
				made = append(made, key)
			case f.Verb&facts.Dropped != 0: // to make it anew: DROP TRIGGER, CREATE TRIGGER
				made = slices.DeleteFunc(made, func(k string) bool { return k == key })
			}
		}
	}
	return made
}
