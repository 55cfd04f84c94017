// Package yamltext writes the lines of .migvet.yml that messages propose.
package yamltext

import (
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// plain matches what YAML reads as it is between brackets and braces.
var plain = lazyregexp.New(`^[A-Za-z0-9_./][A-Za-z0-9_./*-]*$`)

// number matches what YAML reads as a number or a date: 1, 0018, 1e3, 0x1f, .inf, 2024-01-01.
var number = lazyregexp.New(`(?i)^\.?[0-9][0-9a-f_.xo-]*$|^\.(inf|nan)$`)

// Scalar writes a word so that YAML reads it back in {key: value} and in [a, b]: ":NAME"
// and "my folder" need quotes, and so does null.
func Scalar(word string) string {
	switch strings.ToLower(word) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(word)
	}
	if plain.MatchString(word) && !number.MatchString(word) {
		return word
	}
	return strconv.Quote(word)
}

// Pattern writes the path of a file as a pattern that matches nothing else: ignore-paths and
// exclude take [1] and * for more than they are.
func Pattern(path string) string { return Scalar(escapePattern(path)) }

// PatternBelow writes a pattern for all that is in a directory.
func PatternBelow(dir string) string { return Scalar(escapePattern(dir) + "/**") }

func escapePattern(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// List writes words between brackets.
func List(words []string) string {
	written := make([]string, len(words))
	for i, w := range words {
		written[i] = Scalar(w)
	}
	return "[" + strings.Join(written, ", ") + "]"
}
