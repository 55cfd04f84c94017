package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/yamltext"
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
	known := map[string]bool{}
	for _, dir := range dirs {
		known[dir] = true
	}
	c := circles{after: map[string][]precedence{}, onWay: map[string]int{}, done: map[string]bool{}}
	for _, a := range p.precedences {
		switch {
		case !known[a.before]:
			p.at(a.node, "after names %s, which is no item of migrations; add - dir: %s%s", quoteExcerpt(a.before), yamltext.Scalar(a.before), p.near(a.before, dirs))
		case a.before == a.dir:
			p.at(a.node, "after names the folder itself; remove it")
		default:
			c.after[a.dir] = append(c.after[a.dir], a)
		}
	}
	for _, dir := range dirs {
		c.follow(dir, func(way []precedence) {
			p.at(way[0].node, "after goes in a circle: %s; one of them has to come first", circleText(way))
		})
	}
}

// near is the name that somebody may have meant. Comparing takes time, so that it ends
// where nothing more is printed.
func (p *parser) near(name string, names []string) string {
	if len(p.list) >= maxProblems {
		return ""
	}
	return lint.DidYouMean(name, names)
}

// circles follows after: from each folder once, however many ways lead to it.
type circles struct {
	after map[string][]precedence
	way   []precedence   // that led here
	onWay map[string]int // where in way the words of a folder begin
	done  map[string]bool
}

func (c *circles) follow(dir string, told func(way []precedence)) {
	if c.done[dir] {
		return
	}
	c.done[dir] = true
	c.onWay[dir] = len(c.way)
	for _, a := range c.after[dir] {
		c.way = append(c.way, a)
		if at, ok := c.onWay[a.before]; ok {
			told(c.way[at:])
		} else {
			c.follow(a.before, told)
		}
		c.way = c.way[:len(c.way)-1]
	}
	delete(c.onWay, dir)
}

// maxCircle is how many folders of a circle are named.
const maxCircle = 10

// circleText names the folders of a circle: "a after b after a".
func circleText(way []precedence) string {
	var names []string
	for _, a := range way {
		names = append(names, a.dir)
	}
	if len(names) > maxCircle {
		names = append(names[:maxCircle-1], "…")
	}
	return strings.Join(append(names, way[0].dir), " after ")
}
