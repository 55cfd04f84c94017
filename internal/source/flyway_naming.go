package source

import (
	"path"
	"slices"
	"strings"
)

// A flywayNaming is what a project's Flyway calls its migrations. Of V2__shops.sql the
// first letter is a setting, which may be empty: 2__shops.sql.
// https://documentation.red-gate.com/fd/flyway-sql-migration-prefix-setting-277579014.html
type flywayNaming struct{ prefix string }

const flywayPrefix = "flyway.sqlmigrationprefix"

// flywayNaming reads the setting where most files have not Flyway's own names.
func (d *directory) flywayNaming() flywayNaming {
	n := flywayNaming{prefix: "V"}
	versioned := slices.DeleteFunc(slices.Clone(d.sql()), isNoVersioned)
	if len(versioned) == 0 || isMost(versioned, flywayName.MatchString) {
		return n
	}
	d.settings(flywayFiles(), func(settings map[string]string) bool {
		prefix, isSet := settings[flywayPrefix]
		if isSet && !strings.Contains(prefix, unknownValue) {
			n.prefix = prefix
		}
		return isSet
	})
	return n
}

// isNoVersioned tells whether a file is none of the migrations that the setting is about.
func isNoVersioned(file string) bool {
	return strings.HasPrefix(file, "R") || isFlywayName(file) && !flywayName.MatchString(file) || !strings.ContainsAny(file, "0123456789")
}

// flywayUsual are the files of the directory by their usual names.
func (d *directory) flywayUsual() (files []string) {
	names := d.flywayNaming()
	for _, file := range d.sql() {
		files = append(files, names.usual(file))
	}
	return files
}

// usual is the name that a file would have with Flyway's own prefix.
func (n flywayNaming) usual(file string) string {
	if n.prefix == "V" {
		return file
	}
	dir, name := path.Split(file)
	if isNoVersioned(name) {
		return file
	}
	if rest, ok := strings.CutPrefix(name, n.prefix); ok && flywayName.MatchString("V"+rest) {
		return dir + "V" + rest
	}
	return dir + strings.TrimLeft(name, "V") // V1__shops.sql, which it does not run
}

// example is how a migration is called.
func (n flywayNaming) example() string { return n.prefix + "1__name.sql" }
