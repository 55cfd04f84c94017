package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// noLimit is a size that no table is small by.
var noLimit = lint.Size{Rows: -1, Bytes: -1}

// smallTable reads {rows: N, size: N MB}; either is enough.
func (p *parser) smallTable(n *yaml.Node) {
	p.mapping(n, "small-table", p.smallTableFields())
	if n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		p.at(n, "small-table has neither rows nor size")
	}
}

func (p *parser) smallTableFields() []field {
	return []field{
		{"rows", func(n *yaml.Node) {
			if text, ok := p.text(n, "rows"); ok {
				rows, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 10, 64)
				if err != nil || rows < 0 {
					p.at(n, "rows is a number of rows, such as 10000, not %s", quoteExcerpt(text))
					return
				}
				p.config.SmallTable.Rows = rows
			}
		}},
		{"size", func(n *yaml.Node) {
			if text, ok := p.text(n, "size"); ok {
				size, err := parseSize(text)
				if err != nil {
					p.at(n, "size %s: %v", quoteExcerpt(text), err)
					return
				}
				p.config.SmallTable.Bytes = size
			}
		}},
	}
}

var sizeText = lazyregexp.New(`^(\d+)\s*(B|kB|KB|MB|GB|TB)$`)

// byteUnits are PostgreSQL's, powers of 1024.
var byteUnits = map[string]int64{"B": 1, "kB": 1 << 10, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}

func parseSize(text string) (int64, error) {
	m := sizeText.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("write a number and kB, MB, GB or TB, such as 10MB")
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	if err != nil || n > math.MaxInt64/byteUnits[m[2]] {
		return 0, fmt.Errorf("no table is that large")
	}
	return n * byteUnits[m[2]], nil
}
