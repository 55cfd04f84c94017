package cli

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
)

// folderEntry is an item of migrations in the configuration: {dir: a, tool: plain}.
// settings are what it says beside the directory, "" for nothing.
func folderEntry(dir, settings string) string {
	entry := "{dir: " + yamltext.Scalar(dir)
	if settings != "" {
		entry += ", " + settings
	}
	return entry + "}"
}

// folderLine is the line of the configuration that names folders, and settings of one of
// them, which need not be among dirs. The list replaces detection, so that it holds all.
func folderLine(dirs []string, dir, settings string) string {
	var entries, named []string
	for _, d := range append(slices.Clone(dirs), dir) {
		switch {
		case slices.Contains(named, d):
			continue
		case d == dir:
			entries = append(entries, folderEntry(d, settings))
		default:
			entries = append(entries, folderEntry(d, ""))
		}
		named = append(named, d)
	}
	return "migrations: [" + strings.Join(entries, ", ") + "]"
}

// exampleLine is for who has no folder yet that migvet knows.
func exampleLine() string { return folderLine(nil, "db/changes", "tool: plain") }
