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

	// Transaction and Send are the habits of what runs the folder, of
	// source.Transactions and source.Sendings; "" for the tool's.
	Transaction, Send string

	// StandIn are files of SQL by the version of the migration that each stands in for.
	StandIn map[string]string

	// After are folders whose migrations run before, in the same database.
	After []string

	// BaseSchema is a dump that stands for what the base's migrations make; "" for the
	// file's.
	BaseSchema string

	exclude []glob // of files that are no migrations, relative to the folder
}

// settings are how the files of the folder are to be read.
func (f Folder) settings() []setting {
	return []setting{
		{"tool", f.Tool}, {"placeholders", pairsText(f.Placeholders)}, {"history-table", f.HistoryTable},
		{"transaction", f.Transaction}, {"send", f.Send}, {"stand-in", pairsText(f.StandIn)},
		{"after", listText(f.After)}, {"base-schema", f.BaseSchema},
		{"exclude", globsText(f.exclude)},
	}
}

// pairsText tells names and values, which may hold SQL: `{what: "SELECT 1; --"}`.
func pairsText(values map[string]string) string {
	if len(values) == 0 {
		return ""
	}
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		pairs = append(pairs, fmt.Sprintf("%s: %s", name, quoteExcerpt(values[name])))
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

// NamedFiles are the files that the configuration names, but for folders: migvet reads
// them, and they are no migrations.
func (c *Config) NamedFiles() []string {
	names := []string{c.Before, c.BaseSchema, c.Stats, c.Baseline}
	for _, f := range c.Migrations {
		names = append(names, f.BaseSchema)
		names = slices.AppendSeq(names, maps.Values(f.StandIn))
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}
