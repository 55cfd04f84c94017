package source

import (
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// match pairs migrations by name; the second of two with one name is paired
// with the second on the other branch.
func (r *review) match() {
	rest := map[string][]*step{}
	for _, s := range r.before() {
		rest[s.identity()] = append(rest[s.identity()], s)
	}
	for i := range r.to.steps {
		s := &r.to.steps[i]
		if same := rest[s.identity()]; len(same) > 0 {
			rest[s.identity()] = same[1:]
			if !s.repeatable || sameText(same[0].raw, s.raw) {
				r.pairs = append(r.pairs, pair{same[0], s})
				continue
			}
		}
		r.added = append(r.added, s)
	}
	for _, s := range r.before() {
		if left := rest[s.identity()]; len(left) > 0 && left[0] == s {
			r.gone = append(r.gone, s)
			rest[s.identity()] = left[1:]
		}
	}
}

// before returns the base's migrations, none when everything is new.
func (r *review) before() []*step {
	if r.from == nil {
		return nil
	}
	steps := make([]*step, len(r.from.steps))
	for i := range r.from.steps {
		steps[i] = &r.from.steps[i]
	}
	return steps
}

// matchRenamed finds what is gone under a new name; the rest of added is new.
func (r *review) matchRenamed() {
	byText := map[string][]*step{}
	for _, s := range r.added {
		text := unixLines(s.ownText())
		byText[text] = append(byText[text], s)
		r.isNew[s] = true
	}
	r.renamedTo = make([]*step, len(r.gone))
	for i, old := range r.gone {
		text := unixLines(old.ownText())
		if same := byText[text]; len(same) > 0 && strings.TrimSpace(text) != "" && !old.hasDescription() {
			r.renamedTo[i], byText[text] = same[0], same[1:]
			r.isNew[same[0]] = false
		}
	}
	r.matchRewritten()
	r.matchDescriptions()
	r.added = slices.DeleteFunc(r.added, func(s *step) bool { return !r.isNew[s] })
}

// matchRewritten finds what is gone under a new name with other comments or white space.
func (r *review) matchRewritten() {
	if !slices.Contains(r.renamedTo, nil) {
		return // nothing is gone for which a name is missing
	}
	byWords := map[string][]*step{}
	for _, s := range r.added {
		if r.isNew[s] {
			words := wordsOfSQL(s.ownText())
			byWords[words] = append(byWords[words], s)
		}
	}
	for i, old := range r.gone {
		same := byWords[wordsOfSQL(old.ownText())]
		at := slices.IndexFunc(same, func(s *step) bool { return r.isNew[s] && old.doesTheSame(s) })
		if r.renamedTo[i] == nil && at >= 0 && !old.hasDescription() {
			r.renamedTo[i] = same[at]
			r.isNew[same[at]] = false
		}
	}
}

// matchDescriptions finds the repeatable migrations of Flyway that are gone under another
// description: what is new and makes the same objects, whatever of their text changed.
// Flyway runs them, so they stay new.
func (r *review) matchDescriptions() {
	taken := map[*step]bool{}
	for i, old := range r.gone {
		if !old.hasDescription() || r.renamedTo[i] != nil {
			continue
		}
		for _, s := range r.added {
			if s.hasDescription() && r.isNew[s] && !taken[s] && old.makesTheSame(s) {
				r.renamedTo[i], taken[s] = s, true
				break
			}
		}
	}
}

// hasDescription tells whether a step is known by its description alone, as Flyway's
// R__names.sql is.
func (s *step) hasDescription() bool { return s.repeatable && strings.HasPrefix(s.key, repeatable) }

// makesTheSame tells whether two migrations make the same objects, of which there is one, or
// else have the same text.
func (s *step) makesTheSame(other *step) bool {
	if unixLines(s.ownText()) == unixLines(other.ownText()) {
		return true
	}
	made, others := s.makes(), other.makes()
	return len(made) > 0 && maps.Equal(made, others)
}

func (s *step) makes() map[facts.Name]bool {
	made := map[facts.Name]bool{}
	if s.missing || s.opaque != "" {
		return made
	}
	for _, st := range s.migration().Statements() {
		for _, f := range st.Facts() {
			if f.Verb&facts.Made != 0 {
				made[f.Name] = true
			}
		}
	}
	return made
}

// doesTheSame tells whether two migrations have the same statements, of which there is one.
func (s *step) doesTheSame(other *step) bool {
	if s.missing || other.missing || s.opaque != "" || other.opaque != "" {
		return false
	}
	statements := s.migration().Statements()
	return len(statements) > 0 && slices.EqualFunc(statements, other.migration().Statements(), sameStatement)
}

// movements are the former names of migrations that were renamed, and those that are gone.
func (r *review) movements() (former map[*lint.Migration]string, gone map[*lint.Migration]bool) {
	former, gone = map[*lint.Migration]string{}, map[*lint.Migration]bool{}
	for i, s := range r.gone {
		if now := r.renamedTo[i]; now != nil {
			former[r.new[now]] = s.name
		} else {
			gone[r.old[s]] = true
		}
	}
	return former, gone
}
