package drizzlekit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// spelt are the types that drizzle-kit writes as they are, with what may stand
// behind them; it quotes all others.
var spelt = []string{
	"uuid", "smallint", "integer", "bigint", "boolean", "text", "varchar", "serial", "bigserial", "smallserial", "decimal", "numeric", "real",
	"json", "jsonb", "time", "timestamp", "date", "interval", "double precision", "char", "vector", "geometry", "halfvec", "sparsevec", "bit",
}

var (
	arraySuffix = lazyregexp.New(`(\[\d*\])+$`)
	plainName   = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)
	camelHump   = lazyregexp.New(`[A-Z]`)
)

// typeSQL writes a type. What has parameters of its own, or a schema in it, is
// SQL already.
func typeSQL(name, schema string) string {
	suffix := arraySuffix.FindString(name)
	base := strings.TrimSuffix(name, suffix)
	switch {
	case schema != "":
		return Name{schema, base}.String() + suffix
	case slices.ContainsFunc(spelt, func(t string) bool { return strings.HasPrefix(base, t) }) || !plainName.MatchString(base):
		return name
	default:
		return ident(base) + suffix
	}
}

// expression reads a default: SQL in a string, a number, or true and false.
func expression(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// number reads digits that are written as a string or as a number.
func number(raw json.RawMessage) string {
	if text := expression(raw); text != "null" {
		return text
	}
	return ""
}

// options reads storage parameters of views: {"checkOption": "cascaded"}.
func options(with map[string]any) []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(with)) {
		if with[key] == nil {
			continue
		}
		word := camelHump.ReplaceAllStringFunc(key, func(c string) string { return "_" + strings.ToLower(c) })
		all = append(all, fmt.Sprintf("%s = %v", word, with[key]))
	}
	return all
}

// role quotes what is no keyword.
func role(name string) string {
	if slices.Contains([]string{"current_user", "current_role", "session_user", "public"}, name) {
		return name
	}
	return ident(name)
}
