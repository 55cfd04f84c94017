package config

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// exclude reads the patterns of files that are no migrations, relative to their folder.
func (p *parser) exclude(n *yaml.Node, f *Folder) {
	p.items(n, "exclude", func(item *yaml.Node) {
		g := p.glob(item, "a file to exclude")
		switch {
		case g == nil:
		case len(g) == 1 && (g[0] == "**" || g[0] == "*"):
			p.at(item, "exclude %s leaves nothing of the folder; remove the item of migrations, or name files", quoteExcerpt(strings.Join(g, "/")))
		default:
			f.exclude = append(f.exclude, g)
		}
	})
}

// Excludes tells whether a file, by its path below the root of the repository, is one of
// the folder that the file says is no migration.
func (f Folder) Excludes(file string) bool {
	return matchBelow(f.exclude, f.Dir, file)
}

// HasExclusions tells whether the file takes any out of the folder.
func (f Folder) HasExclusions() bool { return len(f.exclude) > 0 }

// IdleExclusions are the patterns that match none of the files of the folder.
func (f Folder) IdleExclusions(files []string) (idle []string) {
	for _, g := range f.exclude {
		if !slices.ContainsFunc(files, func(file string) bool { return matchBelow([]glob{g}, f.Dir, file) }) {
			idle = append(idle, path.Join(g...))
		}
	}
	return idle
}

func globsText(globs []glob) string {
	if len(globs) == 0 {
		return ""
	}
	var texts []string
	for _, g := range globs {
		texts = append(texts, strings.Join(g, "/"))
	}
	return listText(texts)
}
