package presets

import (
	"embed"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/quote"
)

//go:embed extensions/*.sql
var extensionFiles embed.FS

// preloaded are extensions that a server has to load when it starts: a throw-away server
// cannot make them even where it has their files.
// https://github.com/citusdata/pg_cron#setting-up-pg_cron
var preloaded = []string{"pg_cron", "pg_net", "pgsodium", "timescaledb", "citus", "pgaudit", "pg_stat_monitor"}

// ExtensionStandIns names the extensions of platforms for which there is a stand-in: tables
// and functions with the names and types of the real ones, which do nothing.
func ExtensionStandIns() []string {
	files, err := extensionFiles.ReadDir("extensions")
	if err != nil {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".sql")
	}
	return names
}

// ExtensionScript is the SQL of a stand-in, which makes its objects in schemas of its own
// or in the first of the search path.
func ExtensionScript(extension string) (quote.SQL, error) {
	text, err := extensionFiles.ReadFile("extensions/" + extension + ".sql")
	return quote.SQL(text), err
}

// IsPreloaded reports whether an extension needs a server that has loaded it.
func IsPreloaded(extension string) bool { return slices.Contains(preloaded, extension) }
