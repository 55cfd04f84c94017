package cli

import (
	"path"
	"path/filepath"
	"slices"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/yamltext"
)

// place is the configuration into which the lines go that messages propose, with the folders
// of the branch, those that no argument reaches too.
func (p *project) place() *yamltext.Place {
	if p.proposed != nil {
		return p.proposed
	}
	place := &yamltext.Place{Dir: p.config.Dir(), Listed: len(p.config.Migrations) > 0}
	found, err := p.configuredOrDetected()
	if err != nil {
		return place // told elsewhere
	}
	for _, f := range found {
		if f.Skip == "" && !slices.Contains(place.Found, f.Dir) {
			place.Found = append(place.Found, f.Dir)
		}
	}
	p.proposed = place
	return place
}

// exampleLine is for who has no folder yet that migvet knows.
func (p *project) exampleLine() string {
	place := p.place()
	return place.List(path.Join(place.Dir, "db/changes"), "tool: plain")
}

// configurationFile is how messages call the file. Without one it belongs into the root,
// where every directory of the repository finds it.
func (p *project) configurationFile() string {
	switch at, err := filepath.Rel(p.root, p.env.Dir); {
	case p.configFile != "":
		return p.configFile
	case err == nil && at != ".":
		return yamltext.AtRoot
	}
	return config.Name
}

// namedConfiguration matches where messages name the configuration.
var namedConfiguration = lazyregexp.New(`(^|[\s(])\.migvet\.yml( at the root of the repository)?\b`)

// nameConfiguration says in what the report tells which .migvet.yml it speaks of, where that
// may be another one than that in the working directory.
func (p *project) nameConfiguration(r *report.Report) {
	file := p.configurationFile()
	if file == config.Name {
		return
	}
	named := func(text string) string { return nameFile(text, file) }
	for i := range r.Findings {
		r.Findings[i].Message = named(r.Findings[i].Message)
	}
	for i := range r.Unchecked {
		r.Unchecked[i].Reason = named(r.Unchecked[i].Reason)
	}
	for _, texts := range [][]string{r.Notes, r.Assumed} {
		for i := range texts {
			texts[i] = named(texts[i])
		}
	}
}

// nameFile puts the name of a file where a text speaks of the configuration.
func nameFile(text, file string) string {
	return namedConfiguration.ReplaceAllStringFunc(text, func(found string) string {
		m := namedConfiguration.FindStringSubmatch(found)
		if m[2] != "" {
			return found
		}
		return m[1] + file
	})
}

// toolIn is the key of the tool that reads what is in a directory: the one that its files
// show, else that of the folder around it or beside it, if it reads one of them.
func (p *project) toolIn(dir string) string {
	if key := source.ReadableAs(p.head, dir, ""); key != "" {
		return key
	}
	for _, f := range p.neighbours(dir) {
		if key := source.ReadableAs(p.head, dir, f.Tool); key != "" {
			return key
		}
	}
	return "plain"
}

// neighbours are the folders around a directory, in it, and beside it.
func (p *project) neighbours(dir string) []source.Found {
	found, err := p.configuredOrDetected()
	if err != nil {
		return nil // told elsewhere
	}
	return slices.DeleteFunc(found, func(f source.Found) bool {
		return f.Skip != "" || !pathWithin(dir, f.Dir) && !pathWithin(f.Dir, dir) && path.Dir(f.Dir) != path.Dir(dir)
	})
}
