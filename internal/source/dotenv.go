package source

import (
	"path"
	"strings"
)

// dotenv returns the value of a variable in the nearest .env, "" for none.
func (d *directory) dotenv(variable string) (value string) {
	d.climb(func(up *directory) bool {
		text := up.beginning(".env")
		if text != "" {
			d.answeredBy = path.Join(up.dir, ".env")
		}
		for line := range strings.Lines(text) {
			name, v, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "export "), "=")
			if ok && strings.TrimSpace(name) == variable {
				value = d.literalValue(trimQuotes(strings.TrimSpace(v)))
			}
		}
		return text != ""
	})
	return value
}
