package config

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// A field is a key and what reads its value.
type field struct {
	key  string
	read func(*yaml.Node)
}

// mapping reads a mapping whose keys are known.
func (p *problems) mapping(n *yaml.Node, what string, fields []field) {
	p.entries(n, what, func(key, value *yaml.Node) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.key == key.Value })
		if i < 0 {
			p.at(key, "unknown key %s%s", quoteExcerpt(key.Value), suggestInstead(key.Value, fieldKeys(fields)))
			return
		}
		fields[i].read(value)
	})
}

func fieldKeys(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.key)
	}
	return names
}

// entries calls read for each key of a mapping, and refuses keys that come
// twice.
func (p *problems) entries(n *yaml.Node, what string, read func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		p.at(n, "%s is a mapping, not %s", what, nodeKind(n))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			p.at(key, "a key is a word, not %s", nodeKind(key))
			continue
		}
		if line, twice := lines[key.Value]; twice {
			p.at(key, "key %s is already on line %d", quoteExcerpt(key.Value), line)
			continue
		}
		lines[key.Value] = key.Line
		read(key, value)
	}
}

// items calls read for each item of a list.
func (p *problems) items(n *yaml.Node, what string, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		p.at(n, "%s is a list, not %s", what, nodeKind(n))
		return
	}
	for _, item := range n.Content {
		read(item)
	}
}

// text returns a scalar's text; ok is false when there is none.
func (p *problems) text(n *yaml.Node, what string) (text string, ok bool) {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		p.at(n, "%s is text, not %s", what, nodeKind(n))
		return "", false
	}
	if n.Value == "" {
		p.at(n, "%s is empty", what)
		return "", false
	}
	return n.Value, true
}

// choice returns one of a few words.
func (p *problems) choice(n *yaml.Node, what string, words []string) (word string, ok bool) {
	word, ok = p.text(n, what)
	if ok && !slices.Contains(words, word) {
		p.at(n, "unknown %s %s%s", what, quoteExcerpt(word), suggestInstead(word, words))
		return "", false
	}
	return word, ok
}

// unlessNull reads a value whose absence means nothing special: all entries
// below its key may be commented out.
func unlessNull(read func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if !isNull(n) {
			read(n)
		}
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

func nodeKind(n *yaml.Node) string {
	switch {
	case isNull(n):
		return "nothing"
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	default:
		return quoteExcerpt(n.Value)
	}
}
