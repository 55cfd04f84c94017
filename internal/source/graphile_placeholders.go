package source

import (
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A declaredValue is what .gmrc says of a placeholder.
type declaredValue struct {
	text  string
	known bool // not from the environment
}

// https://github.com/graphile/migrate#configuration
var (
	graphileDeclared = lazyregexp.New(`["']?\bplaceholders\b["']?\s*:\s*\{([^}]*)\}`)
	graphilePair     = lazyregexp.New(`["']?(:[A-Z][0-9A-Z_]+)["']?\s*:\s*("[^"]*"|'[^']*'|[^,\s]+)`)
	lineComment      = lazyregexp.New(`(?m)^\s*//.*$`)
)

// graphileConfigs are the files of which the nearest counts.
var graphileConfigs = []string{".gmrc", ".gmrc.js", ".gmrc.cjs"}

// graphilePlaceholders reads those of the nearest .gmrc or .gmrc.js, as far as a value is
// written there: "!ENV" is one of the environment, and so is process.env.NAME.
func (d *directory) graphilePlaceholders() map[string]declaredValue {
	declared := map[string]declaredValue{}
	d.climb(func(up *directory) bool {
		for _, file := range graphileConfigs {
			text := lineComment.ReplaceAllString(up.beginning(file), "")
			for _, block := range graphileDeclared.FindAllStringSubmatch(text, -1) {
				for _, pair := range graphilePair.FindAllStringSubmatch(block[1], -1) {
					value := trimQuotes(pair[2])
					declared[pair[1]] = declaredValue{value, value != pair[2] && value != "!ENV"}
				}
			}
			if text != "" {
				return true
			}
		}
		return false
	})
	return declared
}

// fillGraphile puts values into the placeholders that are declared, by .gmrc or by
// migvet's configuration, with the colon or without. Others may be anything, such as a
// slice of an array.
func (f *Folder) fillGraphile(s *step, declared map[string]declaredValue) {
	known := map[string]string{graphileDatabase: standInDatabase, graphileOwner: "CURRENT_USER"}
	var marks []mark
	for _, at := range graphilePlaceholder.FindAllStringIndex(s.text, -1) {
		name := s.text[at[0]:at[1]]
		_, ours := known[name]
		_, configured := f.Placeholders[name]
		if value, bare := f.Placeholders[strings.TrimPrefix(name, ":")]; bare && !configured {
			known[name], ours = value, true
		}
		value, isDeclared := declared[name]
		if value.known && !configured && !ours {
			known[name] = value.text
		}
		if configured || ours || isDeclared {
			marks = append(marks, mark{lint.Span{Start: at[0], End: at[1]}, name})
		}
	}
	f.fill(s, marks, known)
}
