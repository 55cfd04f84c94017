package source

import (
	"cmp"
	"strings"
)

// liquibaseSettings are what a project tells Liquibase about names; "" for its own.
// Liquibase writes them without quotes.
// https://docs.liquibase.com/parameters/home.html
type liquibaseSettings struct {
	table, lock string // where it notes what has run, and that it runs
	tables      string // their schema
	schema      string // the default one, which begins the search path
}

func liquibaseFiles() []settingsFile {
	return append([]settingsFile{{"liquibase.properties", parseProperties}}, springFiles()...)
}

func (d *directory) liquibaseSettings() (s liquibaseSettings) {
	d.settings(liquibaseFiles(), func(settings map[string]string) bool {
		s.schema = d.liquibaseSetting(settings, "defaultschema")
		s.tables = cmp.Or(d.liquibaseSetting(settings, "liquibaseschema"), s.schema)
		s.table = d.liquibaseSetting(settings, "databasechangelogtable")
		s.lock = d.liquibaseSetting(settings, "databasechangeloglocktable")
		return s != (liquibaseSettings{})
	})
	return s
}

// liquibaseSetting finds a name under the keys of Spring Boot, of Liquibase, and of
// the arguments of its command line.
func (d *directory) liquibaseSetting(settings map[string]string, name string) string {
	return strings.ToLower(d.literalValue(cmp.Or(settings["liquibase."+name], settings["liquibase."+name+"name"], settings["liquibase.command."+name+"name"], settings[name+"name"])))
}
