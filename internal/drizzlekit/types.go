package drizzlekit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// plainTypes are the types that drizzle-kit writes as they are, with what may stand
// behind them; it quotes all others.
var plainTypes = []string{
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
	case slices.ContainsFunc(plainTypes, func(t string) bool { return strings.HasPrefix(base, t) }) || !plainName.MatchString(base):
		return name
	default:
		return quotedName(base) + suffix
	}
}

// defaultSQL reads a default: SQL in a string, a number, or true and false.
func defaultSQL(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

// digitsOf reads digits that are written as a string or as a number.
func digitsOf(raw json.RawMessage) string {
	if text := defaultSQL(raw); text != "null" {
		return text
	}
	return ""
}

// storageOptions reads storage parameters of views: {"checkOption": "cascaded"}.
func storageOptions(with map[string]any) []string {
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

// roleSQL quotes what is no keyword.
func roleSQL(name string) string {
	if slices.Contains([]string{"current_user", "current_role", "session_user", "public"}, name) {
		return name
	}
	return quotedName(name)
}
