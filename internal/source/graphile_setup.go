package source

import (
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A SetupFile is SQL that a tool runs on a database before its migrations, and migvet does
// not: for a file of somebody's configuration, before: has to name it.
type SetupFile struct {
	Path, Text string
	By         string // what has the tool run it: "afterReset in .gmrc"
}

// https://github.com/graphile/migrate/blob/main/src/actions.ts: a file is named from the
// folder of migrations, and one behind ! runs as a superuser.
var (
	graphileActions = lazyregexp.New(`["']?\b(afterReset|beforeAllMigrations)\b["']?\s*:\s*(\[[^\]]*\]|["'][^"'\n]*["'])`)
	graphileSQL     = lazyregexp.New(`["']!?([^"'!\n][^"'\n]*\.sql)["']`)
)

// graphileSetup are the files that the nearest .gmrc or .gmrc.js has run on a new database.
func (d *directory) graphileSetup() (files []SetupFile) {
	d.climb(func(up *directory) bool {
		for _, config := range graphileConfigs {
			text := lineComment.ReplaceAllString(up.beginning(config), "")
			for _, action := range graphileActions.FindAllStringSubmatch(text, -1) {
				for _, m := range graphileSQL.FindAllStringSubmatch(action[2], -1) {
					file := SetupFile{Path: path.Join(d.dir, m[1]), By: action[1] + " in " + up.path(config)}
					if file.Text, _ = readUpTo(d.fsys, file.Path, maxBeginning); file.Text != "" && !strings.HasPrefix(file.Path, "../") {
						files = append(files, file)
					}
				}
			}
			if text != "" {
				return true
			}
		}
		return false
	})
	return files
}
