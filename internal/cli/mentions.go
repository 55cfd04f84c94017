package cli

import (
	"context"
	"slices"

	"github.com/migvet/migvet/internal/mention"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// findMentions has findings tell the files of the base branch, outside the migrations,
// that contain a word, and which of them no longer do in the version under review. They
// tell nothing where there is nothing to compare with.
func (v *verdict) findMentions(ctx context.Context, o *lint.Options) {
	p := v.project
	if p.base == nil {
		return
	}
	search := p.base.Search(p.tree, slices.Concat(p.dirs, p.mute), v.brokenNames)
	o.Mentions = func(words ...string) []string { return search.Mentions(ctx, words...) }
	o.MentionTexts = func(file string) (base, head string, known bool) { return search.Texts(ctx, p.tree, p.head, file) }
}

// brokenNames returns the names, with those of their tables, of all that the
// migrations under review drop, rename, move or change: code that uses it may break,
// and findings say where it is.
func (v *verdict) brokenNames() []string {
	var names []string
	for _, s := range v.sources {
		for _, m := range s.History.New {
			for _, statement := range m.Statements() {
				names = append(names, namesBrokenBy(statement, v.observed.Effect(statement))...)
			}
		}
	}
	return names
}

func namesBrokenBy(s *lint.Statement, seen *lint.Effect) (names []string) {
	add := func(n facts.Name) {
		subject := mention.Of(n)
		names = append(append(names, subject.Words()...), subject.TableWords()...)
	}
	for _, f := range s.Facts() {
		if f.Verb&(facts.Dropped|facts.Renamed|facts.Moved|facts.Changed) != 0 {
			add(f.Name)
		}
	}
	if seen == nil {
		return names
	}
	for _, o := range seen.Dropped {
		if !o.Auto && !o.Cascade {
			add(facts.Identity(facts.Kind(o.Kind), o.Name))
		}
	}
	return names
}
