package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// inOrder sorts folders so that each comes behind those that it runs after.
func (p *project) inOrder(sources []*source.Source) []*source.Source {
	var sorted []*source.Source
	seen := map[string]bool{}
	var add func(dir string)
	add = func(dir string) {
		if seen[dir] {
			return
		}
		seen[dir] = true
		for _, before := range p.folderConfig(dir).After {
			add(before)
		}
		for _, s := range sources {
			if s.Dir == dir {
				sorted = append(sorted, s)
			}
		}
	}
	for _, s := range sources {
		add(s.Dir)
	}
	return sorted
}

// preceding are the folders that the configuration has run before another one, those
// before them first.
func (v *verdict) preceding(dir string) ([]*source.Source, error) {
	var all []*source.Source
	seen := map[string]bool{dir: true}
	var add func(dir string) error
	add = func(dir string) error {
		for _, before := range v.project.folderConfig(dir).After {
			if seen[before] {
				continue
			}
			seen[before] = true
			if err := add(before); err != nil {
				return err
			}
			s, err := v.folderSource(before)
			if err != nil {
				return fmt.Errorf("after in .migvet.yml: %s: %w", before, err)
			}
			all = append(all, s)
		}
		return nil
	}
	return all, add(dir)
}

// folderSource is a folder of the review, or another one of the repository, all of which has
// run then.
func (v *verdict) folderSource(dir string) (*source.Source, error) {
	for _, s := range slices.Concat(v.sources, v.project.others) {
		if s.Dir == dir {
			return s, nil
		}
	}
	found, err := v.project.configuredFolder(v.project.head, v.project.folderConfig(dir))
	if err != nil {
		return nil, err
	}
	return v.project.loadOther(found)
}

// loadOther reads a folder that is not under review.
func (p *project) loadOther(found source.Found) (*source.Source, error) {
	if found.Skip != "" {
		return nil, fmt.Errorf("%s", found.Skip)
	}
	folder, err := source.Load(p.text.Tree(p.head), found)
	if err != nil {
		return nil, err
	}
	s := source.Review(nil, folder, source.ReviewOptions{Off: func(*lint.Rule) bool { return true }})
	boundParsing([]*source.Source{s}, lint.MaxTokens)
	p.others = append(p.others, s)
	return s, nil
}

// runInOrder tries a folder. Where it needs what another one makes, it is tried again
// behind that one.
func (v *verdict) runInOrder(ctx context.Context, o trial.Options) (*trial.Result, error) {
	result, err := trial.Run(ctx, o)
	var assumed []string
	for err == nil && result.Missing != nil && o.BaseSchema == nil {
		maker := v.makerOf(o, result.Missing)
		if maker == nil {
			break
		}
		needed := result.Missing.Message
		o.Preceding = append(slices.Clone(o.Preceding), maker)
		again, errAgain := trial.Run(ctx, o)
		if errAgain != nil || again.Missing != nil && again.Missing.Message == needed {
			break
		}
		result = again
		assumed = append(assumed, maker.Dir)
	}
	if len(assumed) > 0 {
		v.noteOrder(o.Source, assumed)
	}
	return result, err
}

// noteOrder says which folders were taken for those of one database, and the line that
// settles it.
func (v *verdict) noteOrder(s *source.Source, before []string) {
	p := v.project
	after := "after: " + yamltext.Scalar(before[0])
	if len(before) > 1 {
		after = "after: " + yamltext.List(before)
	}
	p.notes = append(p.notes, fmt.Sprintf("%s needs what %s makes, so it was taken for a folder of the same database that runs behind it; %s settles that", s.Dir, strings.Join(before, " and "), p.place().Line(s.Dir, after)))
}

// missingNames are what PostgreSQL says of something that is not there.
var missingNames = []struct {
	message *lazyregexp.Regexp
	kind    facts.Kind
}{
	{lazyregexp.New(`^(?:relation|table|view) "(.+)" does not exist$`), facts.Table},
	{lazyregexp.New(`^schema "(.+)" does not exist$`), facts.Schema},
	{lazyregexp.New(`^type "?([^" ]+?)(?:\[\])*"? does not exist$`), facts.Type},
	{lazyregexp.New(`^(?:function|procedure|aggregate|routine) ([^( ]+)\(.*\) does not exist$`), facts.Function},
}

// missingName is what a refusal says is not there; ok is false for refusals of other kinds.
func missingName(e *lint.SQLError) (n facts.Name, ok bool) {
	for _, missing := range missingNames {
		if m := missing.message.FindStringSubmatch(e.Message); m != nil {
			return facts.Qualified(missing.kind, strings.Split(m[1], ".")), true
		}
	}
	return n, false
}

// makerOf returns the folder of the repository that makes what is missing; nil for none,
// and for one that runs behind this one.
func (v *verdict) makerOf(o trial.Options, e *lint.SQLError) *source.Source {
	name, ok := missingName(e)
	if !ok {
		return nil
	}
	for _, s := range v.allSources() {
		if s.Dir == o.Source.Dir || slices.Contains(o.Preceding, s) || v.runsBehind(s.Dir, o.Source.Dir) {
			continue
		}
		if makesName(s, name) {
			return s
		}
	}
	return nil
}

// runsBehind tells whether the configuration has one folder run after another.
func (v *verdict) runsBehind(dir, before string) bool {
	preceding, _ := v.preceding(dir)
	return slices.ContainsFunc(preceding, func(s *source.Source) bool { return s.Dir == before })
}

// allSources are the folders of the review, and those that arguments have left out of it.
func (v *verdict) allSources() []*source.Source {
	p := v.project
	if len(p.selected) == 0 || p.lookedAround {
		return slices.Concat(v.sources, p.others)
	}
	p.lookedAround = true
	found, err := p.configuredOrDetected()
	if err != nil {
		return v.sources
	}
	for _, f := range found {
		known := func(s *source.Source) bool { return s.Dir == f.Dir }
		if !slices.ContainsFunc(v.sources, known) && !slices.ContainsFunc(p.others, known) {
			_, _ = p.loadOther(f) // one that cannot be read makes nothing
		}
	}
	return slices.Concat(v.sources, p.others)
}

// makesName tells whether migrations of a folder create something of that name. A name
// without a schema may be in any.
func makesName(s *source.Source, name facts.Name) bool {
	for m := range s.History.All() {
		if !strings.Contains(strings.ToLower(m.Source), strings.ToLower(name.Name)) {
			continue
		}
		for _, statement := range m.Statements() {
			for _, f := range statement.Facts() {
				if f.Verb&facts.Made != 0 && couldBe(f.Name, name) {
					return true
				}
			}
		}
	}
	return false
}

func couldBe(made, name facts.Name) bool {
	if made.Kind.Space() != name.Kind.Space() || made.Name != name.Name || made.Table != "" {
		return false
	}
	return name.Schema == "" || made.Schema == "" || made.Schema == name.Schema
}
