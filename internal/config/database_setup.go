package config

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/presets"
)

// plainName is what roles and extensions are called. PostgreSQL cuts names
// behind 63 bytes and keeps those that begin with pg_ for itself.
var plainName = lazyregexp.New(`^[A-Za-z_][\w-]{0,62}$`)

// schemaName is what a schema can be called at all, in quotes: 1, "my app", "$user".
var schemaName = lazyregexp.New(`^[^\x00-\x1f\x7f]{1,63}$`)

// schemas reads names of schemas, which are whatever somebody has put into quotes: a tenant's
// schema may be called 1.
func (p *parser) schemas(n *yaml.Node) (names []string) {
	p.items(n, "search-path", func(item *yaml.Node) {
		name, ok := p.text(item, "an item of search-path")
		switch {
		case !ok:
		case strings.Contains(name, ","):
			p.at(item, "%s in search-path is not a name; write each schema as an item of its own: [%s]", quoteExcerpt(name), strings.TrimSpace(name))
		case len(name) > 63 || !schemaName.MatchString(name):
			p.at(item, "%s in search-path is not the name of a schema: at most 63 bytes, in one line", quoteExcerpt(name))
		default:
			names = append(names, name)
		}
	})
	return names
}

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
