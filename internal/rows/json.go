package rows

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
)

// jsonPath matches the keys that an expression reads: -> 'a', ->> 'a', #> '{a,b}', #>> '{a,b}', ? 'a', and the
// strict part of a JSON path '$.a.b'.
var jsonPath = lazyregexp.New(`->>?\s*'((?:[^']|'')+)'|#>>?\s*'\{([^}']+)\}'|\?\s*'((?:[^']|'')+)'|'\$((?:\.\w+)+)'`)

// A jsonNode is an object with the keys that expressions read, or a leaf.
type jsonNode struct {
	leaf value // of type jsonb
	keys []string
	kids map[string]*jsonNode
}

// jsonRead is an object for a JSON column with what the generated columns of its table take out of it.
func (t *table) jsonRead(c *column) (value, bool) {
	if c.base != "json" && c.base != "jsonb" {
		return value{}, false
	}
	root := &jsonNode{}
	for _, g := range t.columns {
		if g.generated == "" || !slices.Contains(g.sources, c) {
			continue
		}
		leaf := g.jsonLeaf()
		for _, path := range jsonPaths(string(g.generated)) {
			root.add(path, leaf)
		}
	}
	if len(root.keys) == 0 {
		return value{}, false
	}
	return root.value(), true
}

// jsonLeaf is a value that a cast to the column's type accepts.
func (c *column) jsonLeaf() value {
	switch {
	case c.base == "bool":
		return perRow("to_jsonb($k % 2 = 1)")
	case c.category == "N":
		return perRow("to_jsonb($k)")
	case c.category == "D":
		return constantValue(`'"2024-01-01T00:00:00Z"'::jsonb`)
	case c.base == "interval":
		return constantValue(`'"PT1H"'::jsonb`)
	case len(c.labels) > 0 && c.element == nil:
		return constantValue("to_jsonb(" + quote.Text(c.labels[0]) + "::text)")
	}
	return perRow("to_jsonb($k::text)")
}

// jsonPaths lists the paths an expression reads; consecutive arrows make one path.
func jsonPaths(expression string) [][]string {
	var paths [][]string
	end := -1
	for _, at := range jsonPath.FindAllStringSubmatchIndex(expression, -1) {
		path := pathOf(expression, at)
		between := ""
		if end >= 0 {
			between = strings.TrimSpace(strings.NewReplacer("::text", "", ")", "").Replace(expression[end:at[0]]))
		}
		if end >= 0 && between == "" && len(paths) > 0 && at[2] >= 0 {
			paths[len(paths)-1] = append(paths[len(paths)-1], path...)
		} else {
			paths = append(paths, path)
		}
		end = at[1]
	}
	return paths
}

func pathOf(expression string, at []int) []string {
	switch {
	case at[4] >= 0:
		return strings.Split(expression[at[4]:at[5]], ",")
	case at[8] >= 0:
		return strings.Split(expression[at[8]+1:at[9]], ".")
	case at[6] >= 0:
		at = at[4:]
	}
	return []string{strings.ReplaceAll(expression[at[2]:at[3]], "''", "'")}
}

func (n *jsonNode) add(path []string, leaf value) {
	if len(path) == 0 {
		n.leaf = leaf
		return
	}
	if n.kids == nil {
		n.kids = map[string]*jsonNode{}
	}
	if n.kids[path[0]] == nil {
		n.kids[path[0]] = &jsonNode{}
		n.keys = append(n.keys, path[0])
	}
	n.kids[path[0]].add(path[1:], leaf)
}

func (n *jsonNode) value() value {
	if len(n.keys) == 0 {
		return n.leaf
	}
	object := constantValue("(jsonb_build_object(")
	for i, k := range n.keys {
		switch {
		case i > 0 && i%keysOfCall == 0:
			object = object.join(constantValue(") || jsonb_build_object("))
		case i > 0:
			object = object.join(constantValue(", "))
		}
		object = object.join(constantValue(quote.Text(k) + ", ")).join(n.kids[k].value())
	}
	object = object.join(constantValue("))"))
	object.size = 0
	return object
}

// keysOfCall is how many keys one jsonb_build_object takes: a function has at most 100
// arguments (FUNC_MAX_ARGS).
const keysOfCall = 50
