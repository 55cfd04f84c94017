package config

import (
	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/presets"
)

// plainName is what roles and extensions are called. PostgreSQL cuts names
// behind 63 bytes and keeps those that begin with pg_ for itself.
var plainName = lazyregexp.New(`^[A-Za-z_][\w-]{0,62}$`)

// names reads a list of names of roles or extensions.
func (p *parser) names(n *yaml.Node, what string) []string {
	var names []string
	p.items(n, what, func(item *yaml.Node) {
		name, ok := p.text(item, "an item of "+what)
		if ok && !plainName.MatchString(name) {
			p.at(item, "%s in %s is not a name: letters, digits, _ and -, at most 63", quoteExcerpt(name), what)
			ok = false
		}
		if ok {
			names = append(names, name)
		}
	})
	return names
}

func (p *parser) presets(n *yaml.Node) {
	p.config.Presets = []string{}
	p.items(n, "presets", func(item *yaml.Node) {
		if name, ok := p.choice(item, "preset", presets.Names()); ok {
			p.config.Presets = append(p.config.Presets, name)
		}
	})
}
