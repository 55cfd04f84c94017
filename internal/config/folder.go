package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Folder is a directory of migrations that the file names.
type Folder struct {
	Dir  string
	Tool string // one of source.Tools; "" to detect it

	// Placeholders are values of what the tool replaces in its files, by name.
	Placeholders map[string]string

	// HistoryTable is the tool's history table, "table" or "schema.table"; "" for
	// what the tool's own configuration says.
	HistoryTable string
}

// settings are how the files of the folder are to be read.
func (f Folder) settings() []setting {
	return []setting{{"tool", f.Tool}, {"placeholders", f.placeholders()}, {"history-table", f.HistoryTable}}
}

// placeholders tells names and values, which may hold SQL: `{what: "SELECT 1; --"}`.
func (f Folder) placeholders() string {
	if len(f.Placeholders) == 0 {
		return ""
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(f.Placeholders)) {
		pairs = append(pairs, fmt.Sprintf("%s: %s", name, quoteExcerpt(f.Placeholders[name])))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// String is what the file says about the folder but for its directory:
// `tool goose, placeholders {what: "x"}`. It is "" when it says nothing more.
func (f Folder) String() string {
	var said []string
	for _, s := range f.settings() {
		if s.text != "" {
			said = append(said, s.key+" "+s.text)
		}
	}
	return strings.Join(said, ", ")
}
