package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/lint"
)

// A precedence is one word of after: with its place.
type precedence struct {
	node        *yaml.Node
	dir, before string // before runs first
}

// after reads a folder, or a list of folders, whose migrations run before those of
// another one in the same database.
func (p *parser) after(n *yaml.Node) []string {
	if n.Kind != yaml.SequenceNode {
		return p.afterOne(n, nil)
	}
	var dirs []string
	p.items(n, "after", func(item *yaml.Node) { dirs = p.afterOne(item, dirs) })
	return dirs
}

func (p *parser) afterOne(n *yaml.Node, dirs []string) []string {
	dir := p.path(n, "after")
	switch {
	case dir == "":
		return dirs
	case slices.Contains(dirs, dir):
		p.at(n, "after names %s twice", quoteExcerpt(dir))
		return dirs
	}
	p.precedences = append(p.precedences, precedence{node: n, before: dir})
	return append(dirs, dir)
}

// ownPrecedences says whose after: was just read.
func (p *parser) ownPrecedences(first int, dir string) {
	for i := first; i < len(p.precedences); i++ {
		p.precedences[i].dir = dir
	}
}

// checkPrecedences looks for folders that after: names and migrations: does not, and
// for circles.
func (p *parser) checkPrecedences() {
	dirs := folderDirs(p.config)
	for _, a := range p.precedences {
		switch {
		case !slices.Contains(dirs, a.before):
			p.at(a.node, "after names %s, which is no item of migrations; add - dir: %s%s", quoteExcerpt(a.before), a.before, lint.DidYouMean(a.before, dirs))
		case a.before == a.dir:
			p.at(a.node, "after names the folder itself; remove it")
		default:
			if circle := p.config.circle(a.before, a.dir, []string{a.dir}); circle != nil {
				p.at(a.node, "after goes in a circle: %s; one of them has to come first", strings.Join(circle, " after "))
			}
		}
	}
}

// circle follows after: from a folder until it comes to the one that is wanted. It
// returns the way, nil where there is none.
func (c *Config) circle(from, wanted string, way []string) []string {
	if slices.Contains(way[1:], from) {
		return nil // a circle of others, which is told there
	}
	way = append(slices.Clone(way), from)
	if from == wanted {
		return way
	}
	f, _ := c.folder(from)
	for _, before := range f.After {
		if found := c.circle(before, wanted, way); found != nil {
			return found
		}
	}
	return nil
}
