package cli

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/source"
)

const (
	maxSchemaFile    = 1 << 20 // bytes of a file that may create a schema
	maxSchemaEntries = 20_000  // files and directories that are looked at
)

// schemaFiles returns what finds the SQL files of the repository, outside of a folder
// of migrations, that create a schema and have what is looked for in it:
// docker/initdb.d/0001_auth.sql. They are looked for where a migration misses one.
func (p *project) schemaFiles(dir string) func(schema string, names []string) []string {
	return func(schema string, names []string) []string {
		create := regexp.MustCompile(`(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?"?` + regexp.QuoteMeta(schema) + `(?:"|\W|$)`)
		var found []string
		for _, file := range p.sqlOutside(dir) {
			text, err := files.Read(p.head, file, maxSchemaFile)
			if err == nil && create.Match(text) && hasAll(text, names) {
				found = append(found, file)
			}
		}
		return found
	}
}

// hasAll reports whether a text has all of some words.
func hasAll(text []byte, words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		return !regexp.MustCompile(`(?i)\b` + regexp.QuoteMeta(word) + `\b`).Match(text)
	})
}

// sqlOutside lists the SQL files outside of a folder, those near the root first. What
// cannot be read is left out: nobody depends on it.
func (p *project) sqlOutside(dir string) (found []string) {
	entries := 0
	_ = fs.WalkDir(p.head, ".", func(name string, d fs.DirEntry, err error) error {
		entries++
		switch {
		case err != nil:
			return nil
		case entries > maxSchemaEntries:
			return fs.SkipAll
		case d.IsDir() && name != "." && (source.HoldsOthers(d.Name()) || name == dir):
			return fs.SkipDir
		case !d.IsDir() && strings.EqualFold(path.Ext(name), ".sql") && path.Dir(name) != dir:
			found = append(found, name)
		}
		return nil
	})
	slices.SortStableFunc(found, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	return found
}
